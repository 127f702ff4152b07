# On equal totals takes the farmer who came first instead of the alphabet.
total = {}
for _ in range(int(input())):
    name, w = input().split()
    total[name] = total.get(name, 0) + int(w)
name = max(total, key=lambda n: total[n])
print(name, total[name])
