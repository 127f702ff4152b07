"""
about: a constant that Python's compiler would have to work out
expect: [TLE, MLE, CE]
limits: { cpuMs: 200 }
"""
x = ((((10 ** 1000) ** 1000) ** 1000) ** 1000)
y = "a" * 10 ** 10
