# Counts the shore as islands.
rows, columns = map(int, input().split())
land = {(y, x) for y in range(rows) for x, square in enumerate(input()) if square == "#"}
areas = []
while land:
    piece = [land.pop()]
    for y, x in piece:
        for there in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
            if there in land:
                land.remove(there)
                piece.append(there)
    areas.append(len(piece))
print(len(areas), max(areas, default=0))
