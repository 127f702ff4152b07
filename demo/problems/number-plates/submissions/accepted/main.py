def letter(c):
    return ord(c) - ord("A")


for _ in range(int(input())):
    plate, k = input().split()
    carry = int(k)
    # Like an odometer whose wheels have 999, 26, 26 and 26 positions.
    wheels = [(int(plate[3:6]) - 1, 999), (letter(plate[6]), 26), (letter(plate[2]), 26), (letter(plate[1]), 26)]
    shown = []
    for position, size in wheels:
        carry, position = divmod(position + carry, size)
        shown.append(position)
    if carry > 0:
        print("none")
    else:
        last, third, second = (chr(ord("A") + p) for p in shown[1:])
        print(f"R{second}{third}{shown[0] + 1:03}{last}")
