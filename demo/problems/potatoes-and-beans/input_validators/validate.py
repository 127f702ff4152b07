import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert all(re.fullmatch(r"(0|[1-9]\d*)( (0|[1-9]\d*))*", line) for line in lines)
(n, k), potatoes, beans = [list(map(int, line.split())) for line in lines]
assert 1 <= n <= 1000 and 0 <= k <= n
assert len(potatoes) == len(beans) == n
assert max(potatoes + beans) <= 10 ** 6
sys.exit(42)
