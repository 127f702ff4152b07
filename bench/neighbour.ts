/**
 * What a hostile neighbour costs: the CPU and elapsed time of a program that computes in registers (a cache-bound one varies by itself), alone and while
 * another box holds a fork bomb, memory thrash or a flood of output. `npm run bench -- neighbour`, as root on a machine of two cores or more; the sandbox
 * is the configured one (ARENA_SANDBOX).
 *
 * The series are interleaved, so that the machine's own mood falls on all of them alike; `alone again` is the same as `alone` and shows how much that
 * is. Promised: the median of 20 moves by at most 5 %. BENCH_ROUNDS (default 20).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openSandbox } from '#arena/sandbox'
import { bytes, mebibytes, seconds } from '#kernel/units'
import { parseConfig } from '#kit/config'
import { silentLog } from '#ports/log'
import type { Box, RunLimits, Sandbox } from '#ports/sandbox'

const rounds = Number(process.env.BENCH_ROUNDS ?? 20)
const promisedShare = 0.05

const computes = `#include <stdio.h>
int main(void) {
  unsigned long long x = 88172645463325252ull;
  for (long i = 0; i < 120000000; i++) { x ^= x << 13; x ^= x >> 7; x ^= x << 17; }
  printf("%llu\\n", x);
}`
const neighbours: Readonly<Record<string, string>> = {
  'fork bomb': '#include <unistd.h>\nint main(void) { for (;;) fork(); }',
  'memory thrash': `#include <stdlib.h>
int main(void) {
  const unsigned long size = 192ul << 20;
  volatile char *memory = malloc(size);
  for (unsigned long long x = 88172645463325252ull;; x ^= x << 13, x ^= x >> 7, x ^= x << 17) memory[x % size]++;
}`,
  flood: '#include <unistd.h>\nstatic char piece[65536];\nint main(void) { while (write(2, piece, sizeof piece) > 0) continue; }',
}

const limits: RunLimits = {
  cpu: seconds(20),
  wall: seconds(30),
  memory: mebibytes(256),
  processes: 64,
  output: mebibytes(8),
  stderr: bytes(4096),
  files: mebibytes(16),
}

async function boxWith(sandbox: Sandbox, source: string): Promise<Box> {
  const box = await sandbox.open({ image: 'cpp-judge' })
  await box.put('main.c', Buffer.from(source))
  const compiled = await box.run({
    argv: ['/usr/bin/gcc', '-O2', '-static', '-o', 'main', 'main.c'],
    limits: { ...limits, memory: mebibytes(512) },
    keepFiles: true,
  })
  if (compiled.exitCode !== 0) throw new Error(Buffer.from(compiled.stderr).toString())
  return box
}

type Sample = { readonly cpu: number; readonly wall: number }
async function measure(box: Box): Promise<Sample> {
  const ran = await box.run({ argv: ['./main'], limits, keepFiles: false })
  if (ran.exitCode !== 0) throw new Error(ran.outcome)
  return { cpu: ran.cpu, wall: ran.wall }
}
async function measureBeside(box: Box, neighbour: Box): Promise<Sample> {
  const stop = new AbortController()
  const running = neighbour.run({ argv: ['./main'], limits, keepFiles: false, signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  await pause(50) // it is in full swing
  try {
    return await measure(box)
  } finally {
    stop.abort(new Error('measured'))
    await running
  }
}

const median = (samples: readonly Sample[], of: keyof Sample) =>
  samples.map((each) => each[of]).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN
const percent = (value: number, base: number) => `${value >= base ? '+' : '−'}${Math.abs((value / base - 1) * 100).toFixed(1)} %`

const dataDir = mkdtempSync(join(tmpdir(), 'arena-bench-'))
const sandbox = await openSandbox({ ...parseConfig(process.env), dataDir, judgeSlots: 4 }, silentLog)
try {
  const box = await boxWith(sandbox, computes)
  const series = new Map<string, { readonly samples: Sample[]; readonly take: () => Promise<Sample> }>()
  for (const name of ['alone', 'alone again']) series.set(name, { samples: [], take: () => measure(box) })
  for (const [name, source] of Object.entries(neighbours)) {
    const neighbour = await boxWith(sandbox, source)
    series.set(name, { samples: [], take: () => measureBeside(box, neighbour) })
  }
  await measure(box)
  for (let round = 0; round < rounds; round++) for (const { samples, take } of series.values()) samples.push(await take())
  const base = series.get('alone')?.samples ?? []
  console.log(`${sandbox.name} sandbox, ${rounds} runs each, medians`)
  for (const [name, { samples }] of series) {
    const [cpu, wall] = [median(samples, 'cpu'), median(samples, 'wall')]
    const moved = `CPU ${percent(cpu, median(base, 'cpu'))}, elapsed ${percent(wall, median(base, 'wall'))}`
    console.log(`${name.padEnd(14)} CPU ${cpu.toFixed(1)} ms, elapsed ${wall.toFixed(1)} ms   ${moved}`)
    if (Math.abs(cpu / median(base, 'cpu') - 1) > promisedShare) process.exitCode = 1
  }
} finally {
  await sandbox.close()
  rmSync(dataDir, { recursive: true, force: true })
}
