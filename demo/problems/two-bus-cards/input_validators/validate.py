import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"(0|[1-9]\d*) (0|[1-9]\d*) [1-9]\d*\n", text)
a, b, f = map(int, text.split())
assert a <= 10 ** 12 and b <= 10 ** 12 and f <= 10 ** 6
sys.exit(42)
