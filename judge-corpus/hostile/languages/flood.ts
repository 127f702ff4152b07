/*
about: floods stdout with answers that are right
expect: OLE
limits: { memoryMiB: 256, outputKiB: 64, cpuMs: 2000 }
tests: [{ out: "42\n" }]
*/
import { writeSync } from 'node:fs'

const piece: string = '42\n'.repeat(10_000)
for (;;) writeSync(1, piece)
