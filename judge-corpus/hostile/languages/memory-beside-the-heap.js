/*
about: takes buffers, which are not of the heap, and fills them
expect: [MLE, RE]
limits: { memoryMiB: 64, cpuMs: 3000 }
*/
const hoard = []
for (let i = 0; i < 4000; i++) hoard.push(Buffer.alloc(1 << 20, 1))
process.exit(3)
