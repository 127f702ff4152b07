"""
about: ends by sys.exit(5)
expect: RE
tests: [{ out: "42\n" }]
says: exit code 5
"""
import sys

print(42)
sys.exit(5)
