"""
about: writes into every folder of the system it can name, and creates its own
expect: AC
limits: { cpuMs: 2000 }
tests: [{ in: "@token@ @folder@\n", out: "nowhere\n" }]
"""
import os

token, folder = input().split()
allowed = ("/tmp", "/dev/shm", "/box", os.getcwd(), "/dev/mqueue/none")
places = ["/", "/usr", "/usr/bin", "/usr/lib", "/usr/local/bin", "/etc", "/lib", "/bin", "/var", "/var/tmp", "/run", "/proc", "/proc/self", "/sys", "/sys/fs/cgroup"]
places += ["/dev", "/root", "/home", "/build", "/runner", "/runner/in", "/toolchain", folder, "/proc/1/root", "/proc/1/cwd"]
written = []
for place in places:
    if place in allowed:
        continue
    for attempt in (lambda path: open(path, "w"), os.mkdir, lambda path: os.symlink("/etc", path), os.mkfifo):
        try:
            attempt(os.path.join(place, token))
            written.append(place)
        except OSError:
            pass
for path in ("/etc/passwd", "/etc/ld.so.preload", "/etc/ld.so.cache", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/self/uid_map", "/bin/sh", "/proc/1/comm"):
    try:
        with open(path, "r+b") as file:
            file.write(b"x")
            file.flush()
        written.append(path)
    except OSError:
        pass
print("ESCAPED" if written else "nowhere", *written)
