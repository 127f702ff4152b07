/**
 * What the sandbox itself costs: `node bench/sandbox.ts` (as root, quiet machine, or `nice -n -19`). Prints one line of JSON, milliseconds:
 *
 *   run: /bin/true in an open box, median and 95th percentile; bare: the same started by Node without a sandbox
 *   box: open, one run, close
 *   python, cpp: a whole evaluation with three tests (compile, run, compare), each source distinct, in a worker that does nothing else
 *
 * With the runner, and with a bubblewrap for each run. BENCH_ROUNDS (default 100).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNativeSandbox } from '#adapters/sandbox-native'
import { languages } from '#contracts/languages'
import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import { silentLog } from '#ports/log'
import type { Sandbox } from '#ports/sandbox'

const rounds = Number(process.env.BENCH_ROUNDS ?? 100)
const limits = { cpu: seconds(2), wall: seconds(5), memory: mebibytes(256), processes: 32, output: mebibytes(8), stderr: bytes(4096), files: mebibytes(16) }
const compiling = { ...limits, cpu: seconds(10), wall: ms(30_000), memory: mebibytes(512), files: mebibytes(64) }
const sources: Readonly<Record<string, (n: number) => string>> = {
  python: (n) => `# ${n}\na, b = map(int, input().split())\nprint(a + b)\n`,
  cpp: (n) => `// ${n}\n#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n`,
}

async function times(count: number, work: (round: number) => Promise<void>): Promise<{ p50: number; p95: number }> {
  const taken: number[] = []
  for (let round = -3; round < count; round++) {
    const started = performance.now()
    await work(round)
    if (round >= 0) taken.push(performance.now() - started)
  }
  taken.sort((a, b) => a - b)
  const at = (share: number) => Math.round((taken[Math.floor(taken.length * share)] ?? Number.NaN) * 100) / 100
  return { p50: at(0.5), p95: at(0.95) }
}

/** As the judge does it, without queue and database: compile, three tests from memory, answers compared. */
async function evaluate(sandbox: Sandbox, id: string, round: number): Promise<void> {
  const language = languages.find((each) => each.id === id)
  const source = sources[id]
  if (language === undefined || source === undefined) throw new Error(`no language ${id}`)
  const box = await sandbox.open()
  await box.put(language.sourceFile, Buffer.from(source(round)))
  if (language.compile !== undefined) {
    const compiled = await box.run({ argv: language.compile, limits: compiling, keepFiles: true })
    if (compiled.exitCode !== 0) throw new Error(Buffer.from(compiled.stderr).toString())
  }
  for (let test = 0; test < 3; test++) {
    const ran = await box.run({ argv: language.run, stdin: Buffer.from(`${test} 2\n`), limits, keepFiles: false })
    if (Buffer.from(ran.stdout).toString().trim() !== String(test + 2)) throw new Error(`${id}: ${ran.outcome} ${ran.stdout}`)
  }
  await box.close()
}

const result: Record<string, unknown> = { rounds }
result.bare = await times(rounds, async () => void (await once(spawn('/bin/true', { stdio: 'ignore' }), 'exit')))
for (const [name, choice] of [
  ['runner', {}],
  ['bubblewrap a run', { runner: false as const }],
] as const) {
  const folder = mkdtempSync(join(tmpdir(), 'arena-bench-'))
  const sandbox = await openNativeSandbox({
    slots: 2,
    workRoot: folder,
    log: silentLog,
    probes: Object.fromEntries(languages.map((language) => [language.id, language.probe])),
    ...choice,
  })
  const box = await sandbox.open()
  const runTrue = async () => {
    const ran = await box.run({ argv: ['/bin/true'], limits, keepFiles: false })
    if (ran.exitCode !== 0) throw new Error(ran.outcome)
  }
  const run = await times(rounds, runTrue)
  await box.close()
  const whole = await times(Math.ceil(rounds / 3), async () => {
    const own = await sandbox.open()
    await own.run({ argv: ['/bin/true'], limits, keepFiles: false })
    await own.close()
  })
  const python = await times(Math.ceil(rounds / 3), (round) => evaluate(sandbox, 'python', round))
  const cpp = await times(Math.ceil(rounds / 10), (round) => evaluate(sandbox, 'cpp', round))
  result[name] = { run, box: whole, python, cpp }
  await sandbox.close()
  rmSync(folder, { recursive: true })
}
console.log(JSON.stringify(result))
