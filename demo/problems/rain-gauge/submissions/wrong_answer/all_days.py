# Divides by all days, also those without a reading.
n = int(input())
readings = [float(word) for word in input().split() if word != "-1"]
print(sum(readings) / n if readings else "no data")
