# One search for each post.
import heapq
import sys

numbers = list(map(int, sys.stdin.read().split()))
n, m, k = numbers[:3]
trails = [[] for _ in range(n + 1)]
for i in range(3 + k, 3 + k + 3 * m, 3):
    u, v, w = numbers[i:i + 3]
    trails[u].append((v, w))
    trails[v].append((u, w))
far = 10 ** 18
nearest = [far] * (n + 1)
for post in numbers[3:3 + k]:
    distance = [far] * (n + 1)
    distance[post] = 0
    heap = [(0, post)]
    while heap:
        metres, place = heapq.heappop(heap)
        if metres > distance[place]:
            continue
        for there, w in trails[place]:
            if metres + w < distance[there]:
                distance[there] = metres + w
                heapq.heappush(heap, (metres + w, there))
    nearest = [min(a, b) for a, b in zip(nearest, distance)]
farthest = max(nearest[1:])
print(-1 if farthest == far else f"{farthest} {nearest.index(farthest, 1)}")
