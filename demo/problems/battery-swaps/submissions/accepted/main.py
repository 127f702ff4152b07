import sys
from bisect import bisect_right

d, r, n, *stations = map(int, sys.stdin.read().split())
reach, swaps = r, 0
while reach < d:
    # The farthest station that can be reached.
    i = bisect_right(stations, reach)
    if i == 0 or stations[i - 1] + r == reach:
        print(-1)
        break
    reach = stations[i - 1] + r
    swaps += 1
else:
    print(swaps)
