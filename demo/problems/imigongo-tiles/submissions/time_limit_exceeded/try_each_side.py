# Tries each side from the largest down.
for _ in range(int(input())):
    w, h = map(int, input().split())
    side = min(w, h)
    while w % side or h % side:
        side -= 1
    print(side, (w // side) * (h // side))
