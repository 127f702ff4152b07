"""
about: reads a file of the host that everybody may read, and lists its folder
expect: AC
tests: [{ in: "@secret@ @folder@ @pid@\n", out: "nothing\n" }]
escapesBare: true
"""
import os

secret, folder, pid = input().split()
found = []
for path in (secret, f"/proc/1/root{secret}", f"/proc/{pid}/root{secret}", f"/proc/self/root{secret}", f"/../..{secret}", f"/oldroot{secret}", f"/host{secret}"):
    try:
        found.append(open(path).read())
    except OSError:
        pass
try:
    found.append(os.listdir(folder))
except OSError:
    pass
print("ESCAPED" if found else "nothing", *found)
