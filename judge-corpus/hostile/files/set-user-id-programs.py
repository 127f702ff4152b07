"""
about: starts the programs of the system that would make it root (su, mount, newgrp, passwd …)
expect: AC
limits: { cpuMs: 2000 }
tests: [{ out: "nothing\n" }]
"""
import os
import subprocess

gained = []
for folder in ("/usr/bin", "/usr/sbin", "/usr/lib/openssh", "/usr/lib/dbus-1.0"):
    for entry in os.scandir(folder) if os.path.isdir(folder) else ():
        if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mode & 0o6000:
            try:
                child = subprocess.Popen([entry.path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                if "Uid:\t0" in open(f"/proc/{child.pid}/status").read().replace(f"Uid:\t{os.getuid()}", ""):
                    gained.append(entry.name)
                child.kill()
                child.wait()
            except OSError:
                pass
no_new_privileges = "NoNewPrivs:\t1" in open("/proc/self/status").read()
print("nothing" if no_new_privileges and not gained else "ESCAPED", *gained)
