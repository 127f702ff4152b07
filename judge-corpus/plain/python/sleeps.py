"""
about: sleeps for a minute
expect: TLE
limits: { cpuMs: 100 }
says: elapsed time
"""
import time

time.sleep(60)
