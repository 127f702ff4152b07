# Takes the end of the last patient for the end of the last nurse.
import heapq
import sys

n, c, *rest = map(int, sys.stdin.read().split())
free_at = [0] * c
longest = 0
for arrival, minutes in zip(rest[0::2], rest[1::2]):
    begin = max(arrival, free_at[0])
    longest = max(longest, begin - arrival)
    heapq.heapreplace(free_at, begin + minutes)
print(longest, begin + minutes)
