# Gives out the plates one by one.
for _ in range(int(input())):
    plate, k = input().split()
    second, third, digits, last = plate[1], plate[2], int(plate[3:6]), plate[6]
    ended = False
    for _ in range(int(k)):
        digits += 1
        if digits == 1000:
            digits = 1
            last = chr(ord(last) + 1)
            if last > "Z":
                last = "A"
                third = chr(ord(third) + 1)
                if third > "Z":
                    third = "A"
                    second = chr(ord(second) + 1)
                    if second > "Z":
                        ended = True
                        break
    print("none" if ended else f"R{second}{third}{digits:03}{last}")
