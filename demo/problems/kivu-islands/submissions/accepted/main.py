rows, columns = map(int, input().split())
land = {(y, x) for y in range(rows) for x, square in enumerate(input()) if square == "#"}
areas = []
while land:
    start = land.pop()
    piece, shore = [start], False
    for y, x in piece:   # grows while we walk
        shore = shore or y in (0, rows - 1) or x in (0, columns - 1)
        for there in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
            if there in land:
                land.remove(there)
                piece.append(there)
    if not shore:
        areas.append(len(piece))
print(len(areas), max(areas, default=0))
