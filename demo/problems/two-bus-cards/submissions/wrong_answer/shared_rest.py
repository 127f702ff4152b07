# Pays one ride with what is left on both cards.
a, b, f = map(int, input().split())
print((a + b) // f)
