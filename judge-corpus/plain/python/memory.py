"""
about: a list that grows for ever
expect: MLE
"""
hoard = []
while True:
    hoard.append(bytearray(1 << 20))
