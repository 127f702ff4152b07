# Sends the patients to the nurses in turns, free or not.
import sys

n, c, *rest = map(int, sys.stdin.read().split())
free_at = [0] * c
longest = 0
for i, (arrival, minutes) in enumerate(zip(rest[0::2], rest[1::2])):
    begin = max(arrival, free_at[i % c])
    longest = max(longest, begin - arrival)
    free_at[i % c] = begin + minutes
print(longest, max(free_at))
