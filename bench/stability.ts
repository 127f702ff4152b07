/**
 * Is every verdict right on a busy machine? `npm run bench -- stability` (as root). For each language that is installed, programs at half and at twice a limit
 * of CPU time or of memory are judged again and again beside neighbours that compute, allocate and write; a table says how often the verdict was right.
 * Exit code 1 when one was not.
 *
 *   BENCH_ROUNDS (100), BENCH_NEIGHBOURS (as many as cores), BENCH_LANGUAGES (all that are installed, else ids with commas)
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits } from '#contracts/common'
import { languages } from '#contracts/languages'
import type { EvaluationJob } from '#contracts/submission'
import { silentLog } from '#ports/log'
import { openArtefacts } from '#services/evaluation/src/artefacts'
import { evaluate } from '#services/evaluation/src/usecases/evaluate'
import { openTestSandbox } from '#testkit/sandbox'

const rounds = Number(process.env.BENCH_ROUNDS ?? 100)
const neighbours = Number(process.env.BENCH_NEIGHBOURS ?? availableParallelism())
const chosen = process.env.BENCH_LANGUAGES?.split(',')
const cpuLimitMs = 400
const memoryMiB = 128

/** A program that computes until it has used so much CPU, and one that touches so much memory; each reads nothing and prints `done`. */
type Programs = { readonly burn: (cpuMs: number) => string; readonly touch: (mebibytes: number) => string }
const c: Programs = {
  burn: (ms) => `#include <stdio.h>\n#include <time.h>\nint main(void) { while (clock() < ${ms} * (CLOCKS_PER_SEC / 1000)); puts("done"); return 0; }`,
  touch: (n) =>
    `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint main(void) { for (int i = 0; i < ${n}; i++) { char *p = (char *)malloc(1 << 20); memset(p, i + 1, 1 << 20); if (p[7] == 0) return 1; } puts("done"); return 0; }`,
}
const python: Programs = {
  burn: (ms) => `import time\nwhile time.process_time() < ${ms / 1000}: pass\nprint("done")`,
  touch: (n) => `kept = [bytes([1]) * (1 << 20) for _ in range(${n})]\nprint("done")`,
}
const javascript: Programs = {
  burn: (ms) => `while (process.cpuUsage().user + process.cpuUsage().system < ${ms} * 1000);\nconsole.log("done")`,
  touch: (n) => `const kept = []\nfor (let i = 0; i < ${n}; i++) kept.push(new Array(1 << 17).fill(i + 0.5))\nconsole.log("done")`,
}
const java: Programs = {
  burn: (ms) =>
    `import java.lang.management.*;\npublic class Main { public static void main(String[] a) { var b = ManagementFactory.getThreadMXBean(); while (b.getCurrentThreadCpuTime() < ${ms}L * 1000000); System.out.println("done"); } }`,
  touch: (n) =>
    `public class Main { public static void main(String[] a) { byte[][] kept = new byte[${n}][]; for (int i = 0; i < ${n}; i++) { kept[i] = new byte[1 << 20]; java.util.Arrays.fill(kept[i], (byte) 1); } System.out.println("done"); } }`,
}
const programs: Readonly<Record<string, Programs>> = { c, cpp: c, cpp20: c, cpp23: c, python, pypy: python, java, javascript, typescript: javascript }

const neighbour = `
const kept = []
for (let round = 0; ; round++) {
  const until = Date.now() + 50
  while (Date.now() < until);
  kept[round % 40] = Buffer.alloc(1 << 20, round)
  if (round % 20 === 0) require('node:fs').writeSync(1, 'x'.repeat(1 << 16))
}`
const startNeighbour = (): ChildProcess => spawn(process.execPath, ['-e', neighbour], { stdio: 'ignore' })

type Case = { readonly title: string; readonly source: string; readonly limits: Limits; readonly verdict: string }
/** The language's own time factor is taken out, so that 0.5 and 2 are shares of what is enforced. A runtime's start counts: its part is left to it. */
function casesOf({ burn, touch }: Programs, factor: number, besideMiB: number): readonly Case[] {
  const time: Limits = { cpuMs: cpuLimitMs, memoryBytes: 256 * 1024 ** 2 }
  const memory: Limits = { cpuMs: 4000, memoryBytes: memoryMiB * 1024 ** 2 }
  return [
    { title: 'CPU 0.5', source: burn((cpuLimitMs * factor) / 2), limits: time, verdict: 'AC' },
    { title: 'CPU 2', source: burn(cpuLimitMs * factor * 2), limits: time, verdict: 'TLE' },
    { title: 'memory 0.5', source: touch(memoryMiB / 2), limits: memory, verdict: 'AC' },
    { title: 'memory 2', source: touch((memoryMiB + besideMiB) * 2), limits: memory, verdict: 'MLE' },
  ]
}

const folder = mkdtempSync(join(tmpdir(), 'arena-bench-stability-'))
const sandbox = await openTestSandbox(join(folder, 'boxes'), availableParallelism())
const artefacts = await openArtefacts({ folder: join(folder, 'programs'), maxBytes: 1e9, log: silentLog })
writeFileSync(join(folder, 'empty'), '')
writeFileSync(join(folder, 'done'), 'done\n')
const id = '00000000-0000-7000-8000-000000000001'

async function judgeOnce(language: string, { source, limits }: Case) {
  const judging = {
    ...{ kind: 'program' as const, limits, compare: {}, dataDigest: 'none' },
    tests: [{ index: 1, sample: false, input: 'empty', inputBytes: 0, output: 'done', outputBytes: 5 }],
  }
  const from = { judging: async () => judging, hold: async (name: string) => ({ path: join(folder, name), content: undefined, release: () => undefined }) }
  const job: EvaluationJob = {
    ...{ submissionId: id, attempt: 1, userId: id, contestId: null, problemId: id, problemVersion: 1, kind: 'program' as const, lane: 'practice' as const },
    ...{ stopAtFirstFailure: true, language, source, answer: null, submittedAt: '2026-01-01T00:00:00Z' },
  }
  return await evaluate({ source: from, sandbox, artefacts }, job, { signal: new AbortController().signal, progress: () => undefined })
}

/** As many at once as a worker judges. */
async function judgeMany(language: string, each: Case): Promise<readonly Awaited<ReturnType<typeof judgeOnce>>[]> {
  const outcomes: Awaited<ReturnType<typeof judgeOnce>>[] = []
  let left = rounds
  const work = async () => {
    while (left-- > 0) outcomes.push(await judgeOnce(language, each))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return outcomes
}

const busy = Array.from({ length: neighbours }, startNeighbour)
console.log(`${rounds} judgings each, ${availableParallelism()} at once, beside ${neighbours} neighbours\n`)
console.log('language    case        right    cpu ms (least, most)   memory MiB   wrong')
try {
  for (const { id: language, timeFactor, memoryBesideMiB = 0 } of languages) {
    const written = programs[language]
    if (sandbox.toolchains[language] === undefined || (chosen !== undefined && !chosen.includes(language))) continue
    if (written === undefined) {
      console.log(`${language.padEnd(12)}has no programs here`)
      continue
    }
    for (const each of casesOf(written, timeFactor, memoryBesideMiB)) {
      const outcomes = await judgeMany(language, each)
      const wrong = outcomes.filter(({ verdict }) => verdict !== each.verdict)
      const cpu = outcomes.map(({ cpuMs }) => cpuMs)
      const memory = outcomes.map(({ memoryBytes }) => memoryBytes / 1024 ** 2)
      const counted = Object.entries(Object.groupBy(wrong, ({ verdict }) => verdict)).map(([verdict, all]) => `${all?.length} ${verdict}`)
      console.log(
        [
          language.padEnd(12),
          each.title.padEnd(12),
          `${rounds - wrong.length}/${rounds}`.padEnd(9),
          `${Math.min(...cpu)}, ${Math.max(...cpu)}`.padEnd(23),
          `${Math.round(Math.min(...memory))}–${Math.round(Math.max(...memory))}`.padEnd(13),
          counted.join(', '),
        ].join(''),
      )
      if (wrong.length > 0) {
        process.exitCode = 1
        console.log(`            ${JSON.stringify(wrong[0]?.tests[0] ?? wrong[0]?.compileLog)}`)
      }
    }
  }
} finally {
  for (const each of busy) each.kill('SIGKILL')
  await sandbox.close()
  await artefacts.settled()
  rmSync(folder, { recursive: true, force: true })
}
