"""
about: forks, the parent ends well by os._exit and the child computes on and says more
expect: AC
tests: [{ out: "42\n" }]
"""
import os
import time

os.write(1, b"42\n")
if os.fork():
    os._exit(0)
time.sleep(0.2)
os.write(1, b"ESCAPED\n")
