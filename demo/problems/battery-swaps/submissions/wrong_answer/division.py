# As if there were a station wherever it is needed.
import sys

d, r, n, *stations = map(int, sys.stdin.read().split())
points = [0] + stations + [d]
if any(b - a > r for a, b in zip(points, points[1:])):
    print(-1)
else:
    print((d + r - 1) // r - 1)
