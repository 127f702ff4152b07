/*
about: has a timer that keeps it alive
expect: TLE
limits: { memoryMiB: 128, cpuMs: 150 }
says: elapsed time
*/
setInterval(() => undefined, 1000)
