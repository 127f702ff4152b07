/**
 * `npm run chaos -- --size one|many [--seed N] [--faults 200] [--submissions 5000] [--out FOLDER]`: strikes an arena of its own while pupils hand in, and
 * asks whether every promise was kept (docs/chaos.md). Exit code 1 when one was not.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Size } from './ground.ts'
import { standOnMany } from './ground-many.ts'
import { standOnOne } from './ground-one.ts'
import { holdsAll, writeReport } from './report.ts'
import { runChaos } from './run.ts'

const grounds: Readonly<Record<Size, () => ReturnType<typeof standOnOne>>> = { one: standOnOne, many: standOnMany }

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'one' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    faults: { type: 'string', default: '200' },
    submissions: { type: 'string', default: '5000' },
    out: { type: 'string' },
  },
})

function wholeNumber(name: 'seed' | 'faults' | 'submissions'): number {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${values[name]}`)
  return value
}

const stand = grounds[values.size as Size]
if (stand === undefined) throw new Error(`--size takes one or many, not ${values.size}`)
const seed = wholeNumber('seed')
const tell = (line: string) => void process.stdout.write(`${line}\n`)
tell(`size ${values.size}, seed ${seed}`)
const outcome = await runChaos(await stand(), {
  seed,
  faults: wholeNumber('faults'),
  submissions: wholeNumber('submissions'),
  restartsWithinMs: 10_000,
  tell,
})
const folder = values.out ?? join(import.meta.dirname, '..', '..', 'data', 'chaos', `${values.size}-${seed}`)
tell(`\n${writeReport(outcome, folder)}\nwritten to ${folder}`)
process.exitCode = holdsAll(outcome) ? 0 : 1
