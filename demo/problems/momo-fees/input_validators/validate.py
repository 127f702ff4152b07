import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert all(re.fullmatch(r"(0|[1-9]\d*)( (0|[1-9]\d*))*", line) for line in lines)
(k, q), *bands, amounts = [list(map(int, line.split())) for line in lines]
assert 1 <= k <= 1000 and 1 <= q <= 10 ** 4
assert len(bands) == k and len(amounts) == q
upper = [u for u, _ in bands]
assert 1 <= upper[0] and upper[-1] <= 10 ** 9 and all(a < b for a, b in zip(upper, upper[1:]))
assert all(0 <= fee <= 10 ** 6 for _, fee in bands)
assert all(1 <= amount <= 2 * 10 ** 9 for amount in amounts)
sys.exit(42)
