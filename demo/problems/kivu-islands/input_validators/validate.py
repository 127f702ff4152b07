import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
assert re.fullmatch(r"[1-9]\d* [1-9]\d*", lines[0])
r, c = map(int, lines[0].split())
assert r <= 150 and c <= 150 and len(lines) == r + 1
assert all(len(line) == c and set(line) <= {".", "#"} for line in lines[1:])
sys.exit(42)
