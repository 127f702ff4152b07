"""
about: asks for a list, a string, a set and an integer, each larger than the memory
expect: AC
limits: { cpuMs: 2000, memoryMiB: 64 }
tests: [{ out: "refused\nrefused\nrefused\n" }]
"""
for attempt in (lambda: [0] * (1 << 60), lambda: "x" * (1 << 62), lambda: bytearray(1 << 60)):
    try:
        attempt()
        print("ESCAPED")
    except (MemoryError, OverflowError):
        print("refused")
