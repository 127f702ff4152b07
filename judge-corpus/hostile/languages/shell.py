"""
about: starts shells and tools of the system to see more than it can itself
expect: AC
limits: { cpuMs: 1000 }
tests: [{ in: "@secret@ @port@\n", out: "nothing\n" }]
"""
import subprocess

secret, port = input().split()
attempts = [
    f"cat {secret}",
    "cat /etc/shadow",
    f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected",
    "ls /root /home /sys/class/net 2>/dev/null",
    "sudo -n id",
    "unshare -r id",
    "nsenter -t 1 -a id",
    "mount -t tmpfs none /tmp && echo mounted",
    "dmesg",
]
found = []
for attempt in attempts:
    said = subprocess.run(["/bin/bash", "-c", attempt], capture_output=True, stdin=subprocess.DEVNULL)
    if said.stdout.strip():
        found.append(attempt)
print("ESCAPED" if found else "nothing", *found)
