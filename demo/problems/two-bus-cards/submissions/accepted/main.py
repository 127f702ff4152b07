a, b, f = map(int, input().split())
print(a // f + b // f)
