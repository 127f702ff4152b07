import re
import sys

first, second, end = sys.stdin.read().split("\n")
assert end == ""
assert re.fullmatch(r"[1-9]\d* [1-9]\d* [1-9]\d*", first)
n, v, u = map(int, first.split())
assert n <= 10 ** 4 and v <= 10 ** 9 and u <= 10 ** 9
assert re.fullmatch(r"(0|[1-9]\d*)( (0|[1-9]\d*))*", second)
rain = list(map(int, second.split()))
assert len(rain) == n and max(rain) <= 10 ** 9
sys.exit(42)
