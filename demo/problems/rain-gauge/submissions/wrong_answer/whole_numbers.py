# Cuts the mean off to whole millimetres.
input()
readings = [float(word) for word in input().split() if word != "-1"]
print(int(sum(readings) / len(readings)) if readings else "no data")
