import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert all(re.fullmatch(r"(0|[1-9]\d*) [1-9]\d*", line) for line in lines)
(n, c), *patients = [list(map(int, line.split())) for line in lines]
assert 1 <= n <= 10 ** 4 and c <= 1000
assert len(patients) == n
arrivals = [a for a, _ in patients]
assert arrivals == sorted(arrivals) and arrivals[-1] <= 10 ** 9
assert all(s <= 10 ** 6 for _, s in patients)
sys.exit(42)
