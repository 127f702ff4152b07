"""
about: nests brackets so deep that Python's own compiler might fall over
expect: [CE, RE]
limits: { cpuMs: 1000 }
says: too many nested|MemoryError|RecursionError|SIGSEGV|exit code
"""
((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
