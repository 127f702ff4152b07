import re
import sys

first, second, end = sys.stdin.read().split("\n")
assert end == ""
assert re.fullmatch(r"[1-9]\d*", first)
readings = second.split(" ")
assert len(readings) == int(first) <= 1000
for reading in readings:
    assert reading == "-1" or re.fullmatch(r"(0|[1-9]\d*)\.\d", reading) and float(reading) <= 150
sys.exit(42)
