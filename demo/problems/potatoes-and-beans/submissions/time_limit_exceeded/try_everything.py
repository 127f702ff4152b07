# Tries both plants on each terrace.
import sys

sys.setrecursionlimit(10_000)
n, k = map(int, input().split())
potatoes = list(map(int, input().split()))
beans = list(map(int, input().split()))


def best(i, seeds, free):
    if i == n:
        return 0
    harvest = beans[i] + best(i + 1, seeds, True)
    if free and seeds > 0:
        harvest = max(harvest, potatoes[i] + best(i + 1, seeds - 1, False))
    return harvest


print(best(0, k, True))
