"""
about: looks through all it can read, its own memory too, for the expected output, and says it
expect: WA
limits: { cpuMs: 2000 }
tests: [{ out: "needle-@token@\n" }]
"""
import os
import re
import stat

needle = re.compile(rb"needle-" + rb"corpus[0-9a-f]{12}")


def look(path):
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return
        with open(path, "rb") as file:
            found = needle.search(file.read(4 << 20))
            if found:
                print(found.group().decode())
    except (OSError, ValueError, OverflowError):
        pass


for folder, folders, files in os.walk("/"):
    if folder in ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/sys") or (folder.startswith("/proc/") and folder.count("/") > 2):
        folders.clear()
        continue
    for name in files:
        if folder != "/dev" and not folder.startswith("/proc/sys"):
            look(os.path.join(folder, name))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "mem", "maps", "stat"):
        look(f"/proc/{pid}/{name}")
    for fd in range(3, 20):
        look(f"/proc/{pid}/fd/{fd}")
