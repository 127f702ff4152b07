/*
about: loops for ever
expect: TLE
limits: { memoryMiB: 128, cpuMs: 300 }
*/
for (;;) continue
