n = int(input())
best = 1
a = 1
while a <= n:
    if n % a == 0 and a * a <= n:
        best = a
    a += 1
print(best, n // best)
