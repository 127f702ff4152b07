"""
about: kills itself by the signals by which the judge knows its own kills
expect: RE
runsAll: true
tests: [{ in: "9", verdict: RE }, { in: "24", verdict: RE }, { in: "25", verdict: RE }, { in: "15", verdict: RE }, { in: "31", verdict: RE }]
"""
import os
import signal
import time

number = int(input())
if number != signal.SIGKILL:
    signal.signal(number, signal.SIG_DFL)
os.kill(os.getpid(), number)
time.sleep(30)
