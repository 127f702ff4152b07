import sys

k, q, *rest = map(int, sys.stdin.read().split())
bands = list(zip(rest[0:2 * k:2], rest[1:2 * k:2]))
# Both lists in growing order: one walk through the bands serves all transfers.
total = refused = band = 0
for amount in sorted(rest[2 * k:]):
    while band < k and bands[band][0] < amount:
        band += 1
    if band == k:
        refused += 1
    else:
        total += bands[band][1]
print(total, refused)
