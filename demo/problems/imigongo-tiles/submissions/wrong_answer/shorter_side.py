# Takes the shorter side whenever it divides the longer one, and else gives up with 1 mm.
for _ in range(int(input())):
    w, h = map(int, input().split())
    side = min(w, h) if max(w, h) % min(w, h) == 0 else 1
    print(side, (w // side) * (h // side))
