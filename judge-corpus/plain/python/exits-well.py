"""
about: ends by sys.exit(0) in the middle
expect: AC
tests: [{ out: "42\n" }]
"""
import sys

print(42)
sys.exit(0)
print(43)
