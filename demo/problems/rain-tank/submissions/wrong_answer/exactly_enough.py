# Calls a day dry when there is exactly enough.
n, capacity, need = map(int, input().split())
water = lost = dry = 0
for rain in map(int, input().split()):
    lost += max(0, water + rain - capacity)
    water = min(water + rain, capacity)
    if water <= need:
        dry += 1
    water = max(0, water - need)
print(dry, lost)
