import re
import sys

first, second, end = sys.stdin.read().split("\n")
assert end == ""
assert re.fullmatch(r"[1-9]\d* [1-9]\d* (0|[1-9]\d*)", first)
d, r, n = map(int, first.split())
assert d <= 10 ** 9 and r <= 10 ** 9 and n <= 20_000
assert re.fullmatch(r"([1-9]\d*( [1-9]\d*)*)?", second)
stations = list(map(int, second.split()))
assert len(stations) == n
assert all(a < b for a, b in zip([0] + stations, stations + [d]))
sys.exit(42)
