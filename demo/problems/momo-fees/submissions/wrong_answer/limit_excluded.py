# Puts an amount that equals an upper limit into the next band.
import sys
from bisect import bisect_right

k, q, *rest = map(int, sys.stdin.read().split())
upper, fee = rest[0:2 * k:2], rest[1:2 * k:2]
bands = [bisect_right(upper, amount) for amount in rest[2 * k:]]
print(sum(fee[b] for b in bands if b < k), sum(b == k for b in bands))
