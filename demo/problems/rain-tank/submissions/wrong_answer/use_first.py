# Lets the school take water before the overflow is counted.
n, capacity, need = map(int, input().split())
water = lost = dry = 0
for rain in map(int, input().split()):
    water += rain
    if water < need:
        dry += 1
    water = max(0, water - need)
    lost += max(0, water - capacity)
    water = min(water, capacity)
print(dry, lost)
