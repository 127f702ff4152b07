"""
about: asks for 4 GiB at once and dies of it
expect: MLE
"""
hoard = bytearray(4 << 30)
print(len(hoard))
