/*
about: adds two numbers
expect: AC
limits: { memoryMiB: 128 }
tests: [{ in: "1 2\n", out: "3\n" }]
*/
const [a, b] = require('node:fs').readFileSync(0, 'utf8').split(' ').map(Number)
console.log(a + b)
