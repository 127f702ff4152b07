# For each station looks at all stations before it.
import sys

d, r, n, *stations = map(int, sys.stdin.read().split())
points = [0] + stations + [d]
swaps = [0] * len(points)
for i in range(1, len(points)):
    best = None
    for j in range(i):
        if swaps[j] is not None and points[i] - points[j] <= r:
            if best is None or swaps[j] < best:
                best = swaps[j]
    swaps[i] = None if best is None else best + 1
print(-1 if swaps[-1] is None else swaps[-1] - 1)
