# Forgets that seed potatoes are scarce.
n, k = map(int, input().split())
potatoes = list(map(int, input().split()))
beans = list(map(int, input().split()))
last_beans, last_potatoes = 0, -10 ** 18
for p, b in zip(potatoes, beans):
    last_beans, last_potatoes = max(last_beans, last_potatoes) + b, last_beans + p
print(max(last_beans, last_potatoes))
