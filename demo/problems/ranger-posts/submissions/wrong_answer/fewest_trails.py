# Takes the way with the fewest trails instead of the fewest metres.
import sys
from collections import deque

numbers = list(map(int, sys.stdin.read().split()))
n, m, k = numbers[:3]
trails = [[] for _ in range(n + 1)]
for i in range(3 + k, 3 + k + 3 * m, 3):
    u, v, w = numbers[i:i + 3]
    trails[u].append((v, w))
    trails[v].append((u, w))
distance = [-1] * (n + 1)
queue = deque(numbers[3:3 + k])
for post in queue:
    distance[post] = 0
while queue:
    place = queue.popleft()
    for there, w in trails[place]:
        if distance[there] < 0:
            distance[there] = distance[place] + w
            queue.append(there)
if min(distance[1:]) < 0:
    print(-1)
else:
    print(max(distance[1:]), distance.index(max(distance[1:]), 1))
