"""
about: looks for the inputs of other tests beside its own
expect: AC
tests: [{ in: "needle-@token@-1\n", out: "nothing\n" }, { in: "needle-@token@-2\n", out: "nothing\n" }]
limits: { cpuMs: 2000 }
"""
import os
import stat

own = input()
other = own[:-1] + ("2" if own.endswith("1") else "1")
found = []
for folder, folders, files in os.walk("/"):
    if folder in ("/usr", "/proc", "/sys", "/lib", "/lib64", "/bin", "/sbin"):
        folders.clear()
        continue
    for name in files:
        try:
            if not stat.S_ISREG(os.lstat(os.path.join(folder, name)).st_mode):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                if other.encode() in file.read(1 << 20):
                    found.append(os.path.join(folder, name))
        except OSError:
            pass
for fd in range(64):
    try:
        with open(f"/proc/self/fd/{fd}", "rb") as file:
            if fd != 1 and fd != 2 and other.encode() in file.read(1 << 20):
                found.append(fd)
    except OSError:
        pass
print("ESCAPED" if found else "nothing")
