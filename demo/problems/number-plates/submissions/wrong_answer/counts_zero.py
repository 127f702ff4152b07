# Uses 000 as well.
for _ in range(int(input())):
    plate, k = input().split()
    a, b, c = (ord(plate[i]) - 65 for i in (1, 2, 6))
    n = ((a * 26 + b) * 26 + c) * 1000 + int(plate[3:6]) + int(k)
    if n >= 26 ** 3 * 1000:
        print("none")
    else:
        n, digits = divmod(n, 1000)
        print(f"R{chr(65 + n // 676)}{chr(65 + n // 26 % 26)}{digits:03}{chr(65 + n % 26)}")
