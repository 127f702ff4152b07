/*
about: ends with exit code 4
expect: RE
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
says: exit code 4
*/
console.log(42)
process.exitCode = 4
