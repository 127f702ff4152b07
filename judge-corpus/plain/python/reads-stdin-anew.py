"""
about: opens /dev/stdin itself, twice
expect: AC
tests: [{ in: "1 2\n", out: "1 2\n1 2\n" }]
"""
print(open("/dev/stdin").read(), end="")
print(open("/dev/stdin").read(), end="")
