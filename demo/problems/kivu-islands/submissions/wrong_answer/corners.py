# Lets squares that touch at a corner belong together.
rows, columns = map(int, input().split())
land = {(y, x) for y in range(rows) for x, square in enumerate(input()) if square == "#"}
areas = []
while land:
    piece, shore = [land.pop()], False
    for y, x in piece:
        shore = shore or y in (0, rows - 1) or x in (0, columns - 1)
        for there in [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]:
            if there in land:
                land.remove(there)
                piece.append(there)
    if not shore:
        areas.append(len(piece))
print(len(areas), max(areas, default=0))
