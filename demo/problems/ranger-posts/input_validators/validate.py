import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert all(re.fullmatch(r"(0|[1-9]\d*)( (0|[1-9]\d*))*", line) for line in lines)
(n, m, k), posts, *trails = [list(map(int, line.split())) for line in lines]
assert 1 <= k <= n <= 2000 and 0 <= m <= 5000
assert len(posts) == len(set(posts)) == k and all(1 <= post <= n for post in posts)
assert len(trails) == m
for u, v, w in trails:
    assert 1 <= u <= n and 1 <= v <= n and u != v and 1 <= w <= 10 ** 6
sys.exit(42)
