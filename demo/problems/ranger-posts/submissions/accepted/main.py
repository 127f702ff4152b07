import sys

# Bellman-Ford with a work list, from all posts at once.
numbers = list(map(int, sys.stdin.read().split()))
n, m, k = numbers[:3]
posts = numbers[3:3 + k]
trails = [[] for _ in range(n + 1)]
for i in range(3 + k, 3 + k + 3 * m, 3):
    u, v, w = numbers[i:i + 3]
    trails[u].append((v, w))
    trails[v].append((u, w))
far = 10 ** 18
distance = [far] * (n + 1)
for post in posts:
    distance[post] = 0
changed = set(posts)
while changed:
    following = set()
    for place in changed:
        for there, w in trails[place]:
            if distance[place] + w < distance[there]:
                distance[there] = distance[place] + w
                following.add(there)
    changed = following
farthest = max(distance[1:])
print(-1 if farthest == far else f"{farthest} {distance.index(farthest, 1)}")
