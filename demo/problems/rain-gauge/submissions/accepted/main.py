input()
readings = [float(word) for word in input().split() if word != "-1"]
print(sum(readings) / len(readings) if readings else "no data")
