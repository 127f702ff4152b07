"""
about: raises Python's limit and recurses 20,000 deep
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "20000\n" }]
"""
import sys

sys.setrecursionlimit(30000)


def down(n):
    return 0 if n == 0 else down(n - 1) + 1


print(down(20000))
