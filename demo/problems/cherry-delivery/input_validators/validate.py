import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert re.fullmatch(r"[1-9]\d*", lines[0])
n = int(lines[0])
assert n <= 10 ** 4 and len(lines) == n + 1
for line in lines[1:]:
    assert re.fullmatch(r"[a-z]{1,12} [1-9]\d*", line) and int(line.split()[1]) <= 1000
sys.exit(42)
