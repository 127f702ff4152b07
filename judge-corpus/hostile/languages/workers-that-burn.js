/*
about: computes for ever in four worker threads while the first one sleeps
expect: [TLE, MLE]
limits: { memoryMiB: 256, cpuMs: 500 }
*/
const { Worker } = require('node:worker_threads')
for (let i = 0; i < 4; i++) new Worker('for (;;) continue', { eval: true })
setInterval(() => undefined, 1000)
