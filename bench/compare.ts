/**
 * How fast outputs are compared: `npm run bench -- compare`. MB/s of the participant's output, the best of BENCH_ROUNDS (default 5), for outputs that are the
 * same and for ones that differ at once in what does not count, so that everything is read by the rules. Pieces are those of the judge. Prints a line of JSON.
 *
 * BENCH_BASE names another checkout's `services/evaluation/src/domain/compare.ts`, to be measured in turns with ours; one from before there were kinds compares tokens instead.
 */
import { pathToFileURL } from 'node:url'
import type { Compare } from '#contracts/common'
import { openComparison } from '#services/evaluation/src/domain/compare'

type Open = typeof openComparison
const rounds = Number(process.env.BENCH_ROUNDS ?? 5)
const pieceBytes = 128 * 1024
const size = 16_000_000

const filled = (line: (at: number) => string) => {
  const lines: string[] = []
  for (let bytes = 0, at = 0; bytes < size; at++) {
    lines.push(line(at))
    bytes += lines[at]?.length ?? 0
  }
  return lines
}
const integers = filled((at) => `${(at * 7919) % 1_000_003} ${at}\n`)
const decimals = filled((at) => `${(Math.sin(at) * 1000).toFixed(9)}\n`)
const shifted = decimals.map((line) => `${(Number(line) + 1e-9).toFixed(10)}\n`)
const text = (lines: readonly string[]) => Buffer.from(lines.join(''))

const cases: Readonly<Record<string, readonly [given: Buffer, wanted: Buffer, rules: Compare]>> = {
  same: [text(integers), text(integers), {}],
  words: [Buffer.concat([Buffer.from(' '), text(integers)]), text(integers), {}],
  wordsTolerant: [Buffer.concat([Buffer.from(' '), text(integers)]), text(integers), { floatAbsoluteTolerance: 1e-6 }],
  numbers: [text(shifted), text(decimals), { floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 }],
  lines: [Buffer.concat([Buffer.from(`${integers[0]?.trim()} \n`), text(integers.slice(1))]), text(integers), { kind: 'lines' }],
  unorderedLines: [text(integers.toReversed()), text(integers), { kind: 'unordered-lines' }],
}

/** @returns MB/s, or undefined when the two are not equal by these rules: then it does not know them. */
function speed(open: Open, [given, wanted, rules]: (typeof cases)[string]): number | undefined {
  const started = performance.now()
  const comparison = open(given, rules)
  for (let from = 0; from < wanted.length; from += pieceBytes) if (comparison.push(wanted.subarray(from, from + pieceBytes)) !== undefined) return undefined
  if (!comparison.end().equal) return undefined
  return given.length / 1000 / (performance.now() - started)
}

const base = process.env.BENCH_BASE
const sides: Record<string, Open> = {
  ours: openComparison,
  ...(base === undefined ? {} : { base: ((await import(pathToFileURL(base).href)) as { openComparison: Open }).openComparison }),
}
const best: Record<string, Record<string, number>> = {}
for (let round = 0; round < rounds; round++)
  for (const [name, each] of Object.entries(cases))
    for (const [side, open] of Object.entries(sides)) {
      const reached = speed(open, each)
      if (reached !== undefined) best[name] = { ...best[name], [side]: Math.max(Math.round(reached), best[name]?.[side] ?? 0) }
    }
console.log(JSON.stringify({ unit: 'MB/s', bytes: size, rounds, best }))
