"""
about: loops for ever
expect: TLE
limits: { cpuMs: 50 }
cpuMs: [100, 400]
"""
while True:
    pass
