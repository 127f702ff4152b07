/*
about: a list that grows for ever
expect: MLE
limits: { memoryMiB: 64, cpuMs: 3000 }
*/
const hoard = []
for (;;) hoard.push(new Array(10000).fill(hoard.length))
