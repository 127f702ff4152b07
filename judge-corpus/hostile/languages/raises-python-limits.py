"""
about: recurses without bound with a stack of threads that it made large
expect: [RE, MLE, TLE]
limits: { cpuMs: 1500 }
"""
import sys
import threading

sys.setrecursionlimit(1 << 30)
threading.stack_size(512 << 20)


def down(n):
    return down(n + 1) + 1


thread = threading.Thread(target=down, args=(0,))
thread.start()
thread.join()
raise SystemExit(3)
