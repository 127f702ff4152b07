/**
 * What it costs that two programs talk through the sandbox: `npm run bench -- interactive` (as root, quiet machine). ARENA_SANDBOX chooses the adapter as it
 * does for the arena. Prints lines of JSON, milliseconds:
 *
 *   talk: 100,000 round trips of one line each way, C both; `bare` by two processes with two pipes between them (`bench/interactive/twin.c`), `boxed` in a
 *     pair of boxes, each pinned to one core and in turns, so that both see the same machine. `times` is the ratio of the medians, of `wall` at
 *     most 2; `cpu`, of both programs together, says the same on a machine that has other work
 *   pair: opening a pair, one tiny talk, closing it. `first` is the very first: nothing is made ahead for who has no interactive problems
 *
 * BENCH_ROUNDS (default 5) turns.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSandbox } from '#arena/sandbox'
import { bytes, mebibytes, seconds } from '#kernel/units'
import { parseConfig, processEnvironment } from '#kit/config'
import { silentLog } from '#ports/log'
import { type Pair, type RunLimits, type Sandbox, SandboxFault, type TalkerSpec } from '#ports/sandbox'

const turns = Number(process.env.BENCH_ROUNDS ?? 5)
const roundTrips = 100_000
const limits: RunLimits = {
  cpu: seconds(30),
  wall: seconds(120),
  memory: mebibytes(64),
  processes: 4,
  output: bytes(0),
  stderr: bytes(1000),
  files: mebibytes(1),
}
const folder = mkdtempSync(join(tmpdir(), 'arena-bench-'))
const built = (name: string): string => {
  const path = join(folder, name)
  execFileSync('cc', ['-O2', '-static', '-o', path, join(import.meta.dirname, 'interactive', `${name}.c`)])
  return path
}
const [asker, answerer, twin] = [built('asker'), built('answerer'), built('twin')]

const rounded = (milliseconds: number) => Math.round(milliseconds * 10) / 10
const median = (taken: readonly number[]): number => taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN
const tell = (facts: object) => process.stdout.write(`${JSON.stringify(facts)}\n`)

async function openPair(sandbox: Sandbox): Promise<Pair> {
  if (sandbox.openPair === undefined) throw new SandboxFault('this sandbox cannot join boxes', 'never')
  const pair = await sandbox.openPair({ image: 'cpp-judge', interactorImage: 'cpp-judge' })
  await pair.participant.put('asker', readFileSync(asker))
  await pair.interactor.put('answerer', readFileSync(answerer))
  return pair
}

type Taken = { readonly wall: number; readonly cpu: number }

async function talk(pair: Pair, times: number): Promise<Taken> {
  const program = (...argv: readonly string[]): TalkerSpec => ({ argv, limits, keepFiles: false })
  const { participant, interactor } = await pair.talk({ participant: program('./asker', String(times)), interactor: program('./answerer') })
  if (participant.exitCode !== 0 || interactor.exitCode !== 0)
    throw new Error(`they did not understand each other: ${participant.outcome}, ${interactor.outcome}`)
  return { wall: participant.wall, cpu: participant.cpu + interactor.cpu }
}

function talkBare(): Taken {
  const [wall = 0, cpu = 0] = execFileSync(twin, [asker, answerer, String(roundTrips)], { encoding: 'utf8' })
    .split(' ')
    .map((us) => Number(us) / 1000)
  return { wall, cpu }
}

async function compareTalks(pair: Pair): Promise<object> {
  const [bare, boxed]: [Taken[], Taken[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    bare.push(talkBare())
    boxed.push(await talk(pair, roundTrips))
  }
  const compared = (what: keyof Taken) => {
    const [before, after] = [median(bare.map((each) => each[what])), median(boxed.map((each) => each[what]))]
    return { bare: rounded(before), boxed: rounded(after), times: Math.round((after / before) * 100) / 100 }
  }
  return { wall: compared('wall'), cpu: compared('cpu') }
}

async function timePair(sandbox: Sandbox): Promise<number> {
  const began = performance.now()
  const pair = await openPair(sandbox)
  await talk(pair, 1)
  await pair.close()
  return performance.now() - began
}

const sandbox = await openSandbox(parseConfig({ ...processEnvironment(), ARENA_DATA_DIR: join(folder, 'data') }), silentLog)
try {
  const first = await timePair(sandbox)
  const pair = await openPair(sandbox)
  await talk(pair, roundTrips)
  tell({ sandbox: sandbox.name, roundTrips, talk: await compareTalks(pair) })
  await pair.close()
  const later: number[] = []
  for (let turn = 0; turn < turns; turn++) later.push(await timePair(sandbox))
  tell({ sandbox: sandbox.name, pair: { first: rounded(first), later: rounded(median(later)) } })
} finally {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
}
