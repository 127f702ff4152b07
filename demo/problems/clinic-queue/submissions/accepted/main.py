import sys
from bisect import insort

n, c, *rest = map(int, sys.stdin.read().split())
free_at = [0] * c   # always in growing order
longest = 0
for arrival, minutes in zip(rest[0::2], rest[1::2]):
    begin = max(arrival, free_at.pop(0))
    longest = max(longest, begin - arrival)
    insort(free_at, begin + minutes)
print(longest, free_at[-1])
