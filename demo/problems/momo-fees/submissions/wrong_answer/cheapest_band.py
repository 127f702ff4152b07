# Takes the cheapest band that is large enough, not the first.
import sys
from bisect import bisect_left

k, q, *rest = map(int, sys.stdin.read().split())
upper, fee = rest[0:2 * k:2], rest[1:2 * k:2]
cheapest = fee[:]
for i in range(k - 2, -1, -1):
    cheapest[i] = min(cheapest[i], cheapest[i + 1])
bands = [bisect_left(upper, amount) for amount in rest[2 * k:]]
print(sum(cheapest[b] for b in bands if b < k), sum(b == k for b in bands))
