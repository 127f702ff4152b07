from math import isqrt

n = int(input())
a = isqrt(n)
while n % a:
    a -= 1
print(a, n // a)
