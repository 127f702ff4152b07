# Takes the terrace with the greatest gain first, again and again.
n, k = map(int, input().split())
potatoes = list(map(int, input().split()))
beans = list(map(int, input().split()))
taken = set()
for i in sorted(range(n), key=lambda i: beans[i] - potatoes[i]):
    if len(taken) < k and potatoes[i] > beans[i] and i - 1 not in taken and i + 1 not in taken:
        taken.add(i)
print(sum(potatoes[i] if i in taken else beans[i] for i in range(n)))
