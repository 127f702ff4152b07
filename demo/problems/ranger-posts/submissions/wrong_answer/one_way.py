# Forgets that trails can be walked in both directions.
import heapq
import sys

numbers = list(map(int, sys.stdin.read().split()))
n, m, k = numbers[:3]
trails = [[] for _ in range(n + 1)]
for i in range(3 + k, 3 + k + 3 * m, 3):
    u, v, w = numbers[i:i + 3]
    trails[u].append((v, w))
distance = [-1] * (n + 1)
heap = [(0, post) for post in numbers[3:3 + k]]
heapq.heapify(heap)
while heap:
    metres, place = heapq.heappop(heap)
    if distance[place] >= 0:
        continue
    distance[place] = metres
    for there, w in trails[place]:
        heapq.heappush(heap, (metres + w, there))
if min(distance[1:]) < 0:
    print(-1)
else:
    print(max(distance[1:]), distance.index(max(distance[1:]), 1))
