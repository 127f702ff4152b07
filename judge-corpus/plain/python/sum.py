"""
about: adds two numbers
expect: AC
tests:
  - { in: "1 2\n", out: "3\n" }
  - { in: "123456789012345678901234567890 1\n", out: "123456789012345678901234567891\n" }
memoryMiB: [0, 24]
"""
a, b = map(int, input().split())
print(a + b)
