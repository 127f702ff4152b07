# Takes dry days for days without a reading.
input()
readings = [float(word) for word in input().split() if float(word) > 0]
print(sum(readings) / len(readings) if readings else "no data")
