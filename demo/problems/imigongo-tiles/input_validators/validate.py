import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert re.fullmatch(r"[1-9]\d*", lines[0])
assert int(lines[0]) == len(lines) - 1 <= 1000
for line in lines[1:]:
    assert re.fullmatch(r"[1-9]\d* [1-9]\d*", line) and max(map(int, line.split())) <= 10 ** 9
sys.exit(42)
