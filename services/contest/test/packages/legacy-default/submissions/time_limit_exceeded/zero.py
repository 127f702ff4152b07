# never comes to an end where the sum is 0
a, b = map(float, input().split())
while a + b == 0:
    pass
print((a + b) / 2)
