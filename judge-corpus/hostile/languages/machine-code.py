"""
about: runs machine code of its own that calls the kernel by its 32-bit door
expect: RE
says: forbidden system call
processor: x64
"""
import ctypes
import mmap

code = mmap.mmap(-1, 4096, prot=7)
code.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # mov eax, 20; int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
