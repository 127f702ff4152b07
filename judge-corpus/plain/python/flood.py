"""
about: says the same for ever
expect: OLE
limits: { outputKiB: 256 }
"""
while True:
    print("all work and no play makes Jack a dull boy")
