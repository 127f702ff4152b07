/**
 * What the sandbox itself costs: `npm run bench -- sandbox` (as root, quiet machine, or `nice -n -19`). ARENA_SANDBOX chooses the adapter as it does
 * for the arena. Prints lines of JSON, milliseconds:
 *
 *   run: the same tiny program (static, ends at once) in an open box and by its bare twin (`bench/sandbox/twin.c`: fork, exec, wait), in turns of 25,
 *     so that both see the same machine; `paused`: 2 ms after the one before, as when answers are compared in between; `chained`: at once.
 *     `over` is the difference of the medians and of the 99th percentiles
 *   box: open, one run, close
 *   python, cpp: a whole evaluation with three tests (compile, run, compare), each source distinct, in a worker that does nothing else
 *
 * BENCH_ROUNDS (default 300).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openSandbox } from '#arena/sandbox'
import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import { parseConfig, processEnvironment } from '#kit/config'
import { silentLog } from '#ports/log'
import type { Box, RunLimits, Sandbox } from '#ports/sandbox'

const rounds = Number(process.env.BENCH_ROUNDS ?? 300)
const turn = 25
const pauseMs = 2
const limits: RunLimits = {
  cpu: seconds(2),
  wall: seconds(5),
  memory: mebibytes(256),
  processes: 32,
  output: mebibytes(8),
  stderr: bytes(4096),
  files: mebibytes(16),
}
const compiling: RunLimits = { ...limits, cpu: seconds(10), wall: ms(30_000), memory: mebibytes(512), files: mebibytes(64) }
const folder = mkdtempSync(join(tmpdir(), 'arena-bench-'))

type Times = { readonly p50: number; readonly p95: number; readonly p99: number }
function timesOf(taken: readonly number[]): Times {
  const sorted = taken.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 1000) / 1000
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function buildC(name: string, source: string): string {
  const path = join(folder, name)
  execFileSync('cc', ['-O2', '-static', '-o', path, source])
  return path
}

/** The same program, bare and in the box, turn by turn. */
async function compareRuns(box: Box, twin: string, program: string, waitMs: number): Promise<Record<string, unknown>> {
  const bare: number[] = []
  const boxed: number[] = []
  while (boxed.length < rounds) {
    const said = execFileSync(twin, [String(turn), String(waitMs * 1000), program], { encoding: 'utf8' })
    bare.push(
      ...said
        .trim()
        .split('\n')
        .map((us) => Number(us) / 1000),
    )
    for (let run = 0; run < turn; run++) {
      if (waitMs > 0) await pause(waitMs)
      boxed.push(await timed(() => box.run({ argv: ['./program'], limits, keepFiles: false })))
    }
  }
  const [twins, runs] = [timesOf(bare), timesOf(boxed)]
  const over = (name: 'p50' | 'p99') => Math.round((runs[name] - twins[name]) * 1000) / 1000
  return { bare: twins, boxed: runs, over: { p50: over('p50'), p99: over('p99') } }
}

type Sample = { readonly image: string; readonly file: string; readonly compile?: readonly string[]; readonly run: readonly string[]; readonly text: string }
const samples: Readonly<Record<string, Sample>> = {
  python: { image: 'python-judge', file: 'main.py', run: ['/usr/bin/python3', '-I', 'main.py'], text: 'a, b = map(int, input().split())\nprint(a + b)\n' },
  cpp: {
    image: 'cpp-judge',
    file: 'main.cpp',
    compile: ['/usr/bin/g++', '-std=gnu++17', '-O2', '-o', 'main', 'main.cpp'],
    run: ['./main'],
    text: '#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n',
  },
}

/** As the judge does it, without queue and database: compile, three tests from memory, answers compared. */
async function evaluate(sandbox: Sandbox, sample: Sample, round: number): Promise<void> {
  const box = await sandbox.open({ image: sample.image })
  await box.put(sample.file, Buffer.from(`${sample.file.endsWith('.py') ? '#' : '//'} ${round}\n${sample.text}`))
  if (sample.compile !== undefined) {
    const compiled = await box.run({ argv: sample.compile, limits: compiling, keepFiles: true })
    if (compiled.exitCode !== 0) throw new Error(Buffer.from(compiled.stderr).toString())
  }
  for (let test = 0; test < 3; test++) {
    const ran = await box.run({ argv: sample.run, stdin: Buffer.from(`${test} 2\n`), limits, keepFiles: false })
    if (Buffer.from(ran.stdout).toString().trim() !== String(test + 2)) throw new Error(`${sample.file}: ${ran.outcome} ${Buffer.from(ran.stderr).toString()}`)
  }
  await box.close()
}

async function several(count: number, work: (round: number) => Promise<unknown>): Promise<Times> {
  const taken: number[] = []
  for (let round = -2; round < count; round++) {
    const took = await timed(() => work(round))
    if (round >= 0) taken.push(took)
  }
  return timesOf(taken)
}

const twin = buildC('twin', join(import.meta.dirname, 'sandbox', 'twin.c'))
writeFileSync(join(folder, 'nothing.c'), 'int main(void) { return 0; }\n')
const program = buildC('program', join(folder, 'nothing.c'))
const sandbox = await openSandbox(parseConfig({ ...processEnvironment(), ARENA_DATA_DIR: join(folder, 'data') }), silentLog)
try {
  const image = 'cpp-judge'
  const box = await sandbox.open({ image })
  await box.put('given', readFileSync(program))
  await box.run({ argv: ['/bin/sh', '-c', 'cp given program && chmod +x program'], limits: compiling, keepFiles: true })
  const tell = (result: Record<string, unknown>) => console.log(JSON.stringify({ sandbox: sandbox.name, rounds, ...result }))
  await compareRuns(box, twin, program, 0)
  tell({ run: { paused: await compareRuns(box, twin, program, pauseMs), chained: await compareRuns(box, twin, program, 0) } })
  await box.close()
  const few = Math.ceil(rounds / 10)
  tell({
    box: await several(few, async () => {
      const own = await sandbox.open({ image })
      await own.run({ argv: ['./nothing'], limits, keepFiles: false })
      await own.close()
    }),
  })
  for (const [name, sample] of Object.entries(samples)) tell({ [name]: await several(few, (round) => evaluate(sandbox, sample, round)) })
} finally {
  await sandbox.close()
  rmSync(folder, { recursive: true })
}
