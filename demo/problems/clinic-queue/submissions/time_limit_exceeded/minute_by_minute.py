# Lets every minute of the day go by.
import sys
from collections import deque

n, c, *rest = map(int, sys.stdin.read().split())
waiting = deque(zip(rest[0::2], rest[1::2]))
busy = []
now = longest = 0
while True:
    busy = [end for end in busy if end > now]
    while waiting and waiting[0][0] <= now and len(busy) < c:
        arrival, minutes = waiting.popleft()
        longest = max(longest, now - arrival)
        busy.append(now + minutes)
    if not waiting:
        break
    now += 1
print(longest, max(busy))
