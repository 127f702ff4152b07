# Looks at single deliveries, not at totals.
deliveries = []
for _ in range(int(input())):
    name, w = input().split()
    deliveries.append((-int(w), name))
w, name = min(deliveries)
print(name, -w)
