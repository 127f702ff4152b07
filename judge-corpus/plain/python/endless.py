"""
about: loops for ever
expect: TLE
limits: { cpuMs: 150 }
cpuMs: [300, 700]
"""
while True:
    pass
