/*
about: starts itself again and again by child_process
expect: [TLE, RE, MLE, WA]
limits: { memoryMiB: 256, cpuMs: 500 }
tests: [{ out: "42\n" }]
*/
const { spawn } = require('node:child_process')
for (;;) spawn(process.execPath, [__filename], { stdio: 'inherit', detached: true }).on('error', () => undefined)
