"""
about: reads what tells of the host and its people - shadow passwords, keys, homes, host name, mounts, logs
expect: AC
tests: [{ out: "nothing\n" }]
escapesBare: true
"""
import os

found = []
for path in ("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/machine-id", "/root/.bashrc", "/var/log/dpkg.log", "/etc/apt/sources.list", "/etc/resolv.conf"):
    try:
        if open(path, "rb").read().strip():
            found.append(path)
    except OSError:
        pass
for folder in ("/root", "/home", "/var/log", "/var/lib", "/sys/kernel", "/sys/class/net", "/boot", "/mnt", "/media", "/srv"):
    try:
        if os.listdir(folder):
            found.append(folder)
    except OSError:
        pass
print("ESCAPED" if found else "nothing", *found)
