# Removes only the squares on the edge, not the whole shore.
rows, columns = map(int, input().split())
grid = [input() for _ in range(rows)]
land = {(y, x) for y in range(1, rows - 1) for x in range(1, columns - 1) if grid[y][x] == "#"}
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
