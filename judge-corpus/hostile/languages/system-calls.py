"""
about: makes forbidden system calls by ctypes
expect: AC
tests: [{ out: "refused\nrefused\nrefused\nrefused\n" }]
processor: x64
"""
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)
for call in ((272, 0x10000000), (101, 16, 1, 0, 0), (165, 0, 0, 0, 0, 0), (298, 0, 0, -1, -1, 0)):
    answer = libc.syscall(*call)
    print("refused" if answer < 0 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS) else f"ESCAPED {answer} {ctypes.get_errno()}")
