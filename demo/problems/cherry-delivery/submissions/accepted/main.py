total = {}
for _ in range(int(input())):
    name, w = input().split()
    total[name] = total.get(name, 0) + int(w)
name, weight = min(total.items(), key=lambda entry: (-entry[1], entry[0]))
print(name, weight)
