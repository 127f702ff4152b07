n, k = map(int, input().split())
potatoes = list(map(int, input().split()))
beans = list(map(int, input().split()))
# Start with beans everywhere; gain[j] is the most that at most j potato terraces can add.
before = [0] * (k + 1)   # without the terrace below the current one
gain = [0] * (k + 1)
for p, b in zip(potatoes, beans):
    extra = p - b
    gain, before = [gain[0]] + [max(gain[j], before[j - 1] + extra) for j in range(1, k + 1)], gain
print(sum(beans) + gain[k])
