/**
 * Runs the demonstration's own submissions (trusted code, no sandbox) on every test: accepted ones must pass all,
 * wrong ones must fail by a wrong answer. Slow ones are only held against the first sample: that they are too slow on
 * the large tests was measured once, and a timing does not belong here.
 */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Compare } from '#contracts/common'
import { loadDemo } from './load.ts'
import { type Program, readSubmissions, type Submission } from './package.ts'

const { problems } = await loadDemo()
const programs = problems.flatMap(({ key, body }) => (body.kind === 'program' ? [[key, body] as const] : []))
const binaries = await mkdtemp(join(tmpdir(), 'demo-programs-'))
after(() => rm(binaries, { recursive: true, force: true }))

type Command = readonly [program: string, ...args: string[]]

async function prepare({ language, file }: Submission): Promise<Command> {
  if (language === 'python') return ['/usr/bin/python3', '-B', file]
  const binary = join(binaries, file.replaceAll('/', '_'))
  await promisify(execFile)('g++', ['-std=gnu++17', '-O2', '-Wall', '-Wextra', '-Werror', '-o', binary, file])
  return [binary]
}

/** Standard output. @throws when the program does not end with `exitCode` or takes longer than ten seconds */
function run([program, ...args]: Command, input: string, exitCode = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { timeout: 10_000, stdio: ['pipe', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.stdin.on('error', () => child.kill()).end(input)
    child
      .on('error', reject)
      .on('close', (code, signal) => (code === exitCode ? resolve(output) : reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}`))))
  })
}

/** The default validator's rule as far as the demonstration needs it: tokens, numbers within the tolerance. */
function accepts(expected: string, actual: string, compare: Compare = {}): boolean {
  const [wanted, got] = [expected, actual].map((text) => text.trim().toLowerCase().split(/\s+/)) as [string[], string[]]
  const { floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative } = compare
  const same = (want: string, have: string) => {
    if (want === have || (absolute === undefined && relative === undefined)) return want === have
    const difference = Math.abs(Number(want) - Number(have))
    return difference <= Math.max(absolute ?? 0, (relative ?? 0) * Math.abs(Number(want)))
  }
  return wanted.length === got.length && wanted.every((want, i) => same(want, got[i] ?? ''))
}

const casesOf = (body: Program) => [...body.samples.map((sample, i) => ({ name: `sample ${i + 1}`, ...sample })), ...body.tests]

async function failures(submission: Submission, body: Program, cases = casesOf(body)): Promise<string[]> {
  const command = await prepare(submission)
  const failed: string[] = []
  for (const { name = '', input, output } of cases) if (!accepts(output, await run(command, input), body.compare)) failed.push(name)
  return failed
}

describe('programs', { concurrency: 2 }, () => {
  for (const [key, body] of programs) {
    const folder = join(import.meta.dirname, 'problems', key)
    test(`${key}: every input keeps what the statement promises`, async () => {
      const validator: Command = ['/usr/bin/python3', '-B', join(folder, 'input_validators/validate.py')]
      for (const { name = '', input } of casesOf(body)) await run(validator, input, 42).catch((cause) => assert.fail(`${name}: ${cause}`))
    })
    test(`${key}: accepted solutions pass every test`, async () => {
      for (const submission of await readSubmissions(folder, 'accepted')) assert.deepEqual(await failures(submission, body), [], submission.file)
    })
    test(`${key}: wrong solutions are found out by a hidden test`, async () => {
      const wrong = await readSubmissions(folder, 'wrong_answer')
      assert.ok(wrong.length >= 2, 'at least two typical mistakes')
      for (const submission of wrong) assert.notDeepEqual(await failures(submission, body, body.tests), [], submission.file)
    })
    test(`${key}: slow solutions are right where the input is small`, async () => {
      for (const submission of await readSubmissions(folder, 'time_limit_exceeded'))
        assert.deepEqual(await failures(submission, body, casesOf(body).slice(0, 1)), [], submission.file)
    })
  }
})
