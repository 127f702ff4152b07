/**
 * What large test data costs the evaluation worker in memory: `npm run bench -- memory` (as root). 20 tests of 10 MB in and as much out, and one of 100 MB in
 * and out, judged in a process of its own, once alone and two at once. Prints lines of JSON: seconds, and the most that was resident, in MiB, beside what
 * the same process has after judging three tests of one line. The promise is 300 MiB for a 200 MB set.
 *
 *   BENCH_TESTS (20), BENCH_TEST_MB (10), BENCH_LARGE_MB (100)
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Judging } from '#contracts/contest'
import type { EvaluationJob } from '#contracts/submission'
import { evaluate } from '#services/evaluation/src/usecases/evaluate'
import { openTestSandbox } from '#testkit/sandbox'

const megabyte = 1e6
const promiseMiB = 300
const copies = '#include <stdio.h>\nchar b[65536];\nint main() { size_t n; while ((n = fread(b, 1, sizeof b, stdin)) > 0) fwrite(b, 1, n, stdout); }'
const line = Buffer.from('the same line of numbers again 1234567890 1234567890 1234567890 12345 6\n')

/** Written in pieces; one blob a size, since input and output are the same. @returns its digest, which is its name. */
function makeBlob(folder: string, size: number): string {
  const piece = Buffer.alloc(Math.floor(megabyte / line.length) * line.length, line)
  const hash = createHash('sha256')
  const parts = Array.from({ length: Math.max(1, Math.ceil(size / piece.length)) }, (_, index) =>
    piece.subarray(0, Math.min(piece.length, size - index * piece.length)),
  )
  for (const part of parts) hash.update(part)
  const digest = hash.digest('hex')
  const file = openSync(join(folder, digest), 'w', 0o644)
  for (const part of parts) writeSync(file, part)
  closeSync(file)
  return digest
}

type Part = { readonly title: string; readonly digest: string; readonly size: number; readonly tests: number; readonly atOnce: number }

async function judge(folder: string, { digest, size, tests, atOnce }: Part): Promise<void> {
  const sandbox = await openTestSandbox(join(folder, 'boxes'), atOnce)
  const judging: Extract<Judging, { kind: 'program' }> = {
    kind: 'program',
    limits: { cpuMs: 5000, memoryBytes: 64 * 1024 ** 2 },
    compare: {},
    dataDigest: digest,
    tests: Array.from({ length: tests }, (_, index) => ({
      index: index + 1,
      sample: false,
      input: digest,
      inputBytes: size,
      output: digest,
      outputBytes: size,
    })),
  }
  const source = { judging: async () => judging, hold: async () => ({ path: join(folder, digest), content: undefined, release: () => undefined }) }
  const id = '00000000-0000-7000-8000-000000000001'
  const job: EvaluationJob = {
    submissionId: id,
    attempt: 1,
    userId: id,
    contestId: null,
    problemId: id,
    problemVersion: 1,
    kind: 'program',
    lane: 'practice',
    stopAtFirstFailure: true,
    language: 'c',
    source: copies,
    answer: null,
    submittedAt: '2026-01-01T00:00:00Z',
  }
  const started = performance.now()
  const outcomes = await Promise.all(
    Array.from({ length: atOnce }, () => evaluate({ source, sandbox }, job, { signal: new AbortController().signal, progress: () => undefined })),
  )
  const seconds = Math.round(performance.now() - started) / 1000
  await sandbox.close()
  const peakMiB = Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024)
  console.log(
    JSON.stringify({ verdicts: outcomes.map(({ verdict }) => verdict), seconds, peakMiB, ...(size > megabyte ? { kept: peakMiB <= promiseMiB } : {}) }),
  )
}

if (process.argv[2] !== undefined) {
  await judge(process.argv[2], JSON.parse(process.argv[3] ?? ''))
} else {
  const folder = mkdtempSync(join(tmpdir(), 'arena-bench-memory-'))
  const number = (name: string, standard: number) => Number(process.env[name] ?? standard)
  try {
    const usual = number('BENCH_TEST_MB', 10) * megabyte
    const large = number('BENCH_LARGE_MB', 100) * megabyte
    const many = number('BENCH_TESTS', 20)
    const blobs = new Map([line.length, usual, large].map((size) => [size, makeBlob(folder, size)]))
    const part = (title: string, size: number, tests: number, atOnce: number): Part => ({ title, digest: blobs.get(size) ?? '', size, tests, atOnce })
    for (const each of [
      part('three lines', line.length, 3, 1),
      part('many tests', usual, many, 1),
      part('many tests, two judgings', usual, many, 2),
      part('one large test', large, 1, 1),
      part('one large test, two judgings', large, 1, 2),
    ]) {
      process.stdout.write(`${each.title}: `)
      const { status } = spawnSync(process.execPath, [import.meta.filename, folder, JSON.stringify(each)], { stdio: 'inherit' })
      if (status !== 0) process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
