n, capacity, need = map(int, input().split())
water = lost = dry = 0
for rain in map(int, input().split()):
    room = capacity - water
    if rain > room:
        lost += rain - room
        rain = room
    water += rain
    if water >= need:
        water -= need
    else:
        water = 0
        dry += 1
print(dry, lost)
