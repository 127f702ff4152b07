/*
about: changes what objects, streams and the process itself do, so that its failure would look like success
expect: RE
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
*/
Object.prototype.exitCode = 0
Object.prototype.verdict = 'AC'
process.exit = process.reallyExit = process.abort = () => undefined
process.on('uncaughtException', () => {
  process.exitCode = 7
})
console.log(42)
throw new Error('not seen')
