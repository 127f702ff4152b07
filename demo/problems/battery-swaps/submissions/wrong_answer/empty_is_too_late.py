# Thinks that a battery must not be quite empty on arrival.
import sys

d, r, n, *stations = map(int, sys.stdin.read().split())
swapped = here = swaps = 0
for there in stations + [d]:
    if there - here >= r:
        print(-1)
        break
    if there - swapped >= r:
        swapped = here
        swaps += 1
    here = there
else:
    print(swaps)
