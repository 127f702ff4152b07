/*
about: adds two numbers with types
expect: AC
limits: { memoryMiB: 128 }
tests: [{ in: "1 2\n", out: "3\n" }]
*/
import { readFileSync } from 'node:fs'

type Pair = readonly [number, number]
const [a, b]: Pair = readFileSync(0, 'utf8').split(' ').map(Number) as unknown as Pair
console.log(a + b)
