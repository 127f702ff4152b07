/*
about: joins instead of adding
expect: WA
limits: { memoryMiB: 128 }
tests: [{ in: "1 2\n", out: "3\n" }]
*/
const [a, b] = require('node:fs').readFileSync('/dev/stdin', 'utf8').trim().split(' ')
console.log(a + b)
