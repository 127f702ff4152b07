"""
about: subtracts instead
expect: WA
tests: [{ in: "1 2\n", out: "3\n" }]
"""
a, b = map(int, input().split())
print(a - b)
