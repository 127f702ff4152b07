/*
about: recurses for ever
expect: [RE, MLE]
limits: { memoryMiB: 128, cpuMs: 2000 }
*/
const down = (n) => down(n + 1) + 1
console.log(down(0))
