for _ in range(int(input())):
    w, h = map(int, input().split())
    a, b = w, h
    while b:
        a, b = b, a % b
    print(a, w * h // a ** 2)
