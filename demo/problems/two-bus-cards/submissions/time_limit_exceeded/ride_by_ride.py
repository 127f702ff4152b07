# Takes the rides one after the other.
a, b, f = map(int, input().split())
rides = 0
while a >= f or b >= f:
    if a >= f:
        a -= f
    else:
        b -= f
    rides += 1
print(rides)
