/**
 * Runs the checks and every group of tests, whatever the ones before said, and ends with one line: `N passed, N failed, N skipped`.
 * Arguments name groups (`check`, `unit`, `judging`, `ports`, `services`, `docker`, `e2e`, `e2e-faults`, `e2e-many`, `browser`, `timing`); without, all of them run.
 * Exit code 1 when anything failed, when a group had no test, and, where CI is set, when something was skipped that is not in `allowedSkips`.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runChecks } from './check.ts'
import { filesByGroup, type Group, groups } from './testing/groups.ts'
import type { Counts } from './testing/reporter.ts'

/** Skips that CI accepts, by what their name contains, and why. */
const allowedSkips: readonly { readonly name: string; readonly because: string }[] = [
  { name: 'docker-compose up', because: 'it builds every image, and is a job of its own: npm run e2e:compose' },
  { name: 'manifests for Kubernetes', because: 'Debian has no kubectl that is new enough' },
  { name: 'planted in the manifests', because: 'likewise' },
  { name: ', where it is installed', because: 'Go, Rust and PyPy are large toolchains, and rows like any other' },
]

const root = join(import.meta.dirname, '..')
const reporter = join(import.meta.dirname, 'testing', 'reporter.ts')
const noCounts: Counts = { passed: 0, failed: 0, skips: [] }
const failure: Counts = { ...noCounts, failed: 1 }

/** Set by Ctrl-C or SIGTERM: the running group is ended and no other is begun. */
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())

/** Sends a signal to every process of a group. @returns whether there was one. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false // all of them are gone
  }
}

/** Ends what tests left running, so that it disturbs no later group; a moment is given to what is on its way out. */
async function endLeftovers(pid: number): Promise<void> {
  for (let waited = 0; waited < 2000 && signalGroup(pid, 0); waited += 100) await sleep(100)
  if (signalGroup(pid, 'SIGKILL')) console.log('NOTE these tests left processes running; they were ended')
}

/** Runs files under node:test in a process group of their own, so that nothing a test started outlives the time limit. */
function runFiles(group: Group, files: readonly string[], countsFile: string): Promise<number | 'overdue'> {
  const concurrency = Math.min(group.concurrency, availableParallelism())
  const args = ['--test', `--test-concurrency=${concurrency}`, `--test-reporter=${reporter}`, '--disable-warning=ExperimentalWarning', ...files]
  const env = { ...process.env, TEST_COUNTS_FILE: countsFile }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true, env })
    const pid = child.pid ?? 0
    let overdue = false
    const limit = setTimeout(() => {
      overdue = true
      signalGroup(pid, 'SIGKILL')
    }, group.limitMinutes * 60_000)
    const stop = () => signalGroup(pid, 'SIGTERM')
    interruption.signal.addEventListener('abort', stop)
    child.once('exit', async (code) => {
      clearTimeout(limit)
      interruption.signal.removeEventListener('abort', stop)
      await endLeftovers(pid)
      resolve(overdue ? 'overdue' : (code ?? 1))
    })
  })
}

async function runGroup(group: Group, files: readonly string[]): Promise<Counts> {
  if (files.length === 0) {
    console.log('FAILED this group has no test file; what it promised is not tested')
    return failure
  }
  const why = group.name === 'browser' ? process.env.TEST_NO_CHROMIUM : undefined
  if (why) return { ...noCounts, skips: files.map((name) => ({ name, reason: `no Chromium: ${why}` })) }
  const folder = mkdtempSync(join(tmpdir(), 'arena-test-counts-'))
  const countsFile = join(folder, 'counts.json')
  try {
    const code = await runFiles(group, files, countsFile)
    if (code === 'overdue') console.log(`FAILED ended after ${group.limitMinutes} minutes`)
    if (!existsSync(countsFile)) return failure
    const counts: Counts = JSON.parse(readFileSync(countsFile, 'utf8'))
    // Node says failure by its exit code too; believe whichever is worse.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Skips that must not be: without a reason, or in CI where everything is there to be tested. */
function unexcused(skips: Counts['skips']): string[] {
  return skips.flatMap(({ name, reason }) => {
    if (reason === '') return [`${name} is skipped without a reason`]
    const allowed = allowedSkips.some((skip) => name.includes(skip.name))
    return process.env.CI && !allowed ? [`${name} is skipped in CI (${reason})`] : []
  })
}

async function main(chosen: readonly string[]): Promise<number> {
  const known = ['check', ...groups.map((group) => group.name)]
  const unknown = chosen.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    console.error(`There is no group ${unknown.join(', ')}; there are ${known.join(', ')}.`)
    return 2
  }
  const wanted = (name: string) => chosen.length === 0 || chosen.includes(name)
  const results: Counts[] = []
  const heading = (title: string) => console.log(`\n== ${title}`)

  if (wanted('check')) {
    heading('checks')
    const steps = await runChecks()
    const passed = steps.filter((step) => step.passed).length
    results.push({ ...noCounts, passed, failed: steps.length - passed })
  }
  const files = filesByGroup(root)
  for (const group of groups.filter(({ name }) => wanted(name))) {
    if (interruption.signal.aborted) break
    heading(group.title)
    const startedAt = performance.now()
    const counts = await runGroup(group, files.get(group.name) ?? [])
    results.push(counts)
    console.log(`${group.name}: ${summary(counts)} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
  }

  const skips = results.flatMap((counts) => counts.skips)
  const wrongSkips = unexcused(skips)
  for (const problem of wrongSkips) console.log(`FAILED ${problem}`)
  const sum = (pick: (counts: Counts) => number) => results.reduce((total, counts) => total + pick(counts), 0)
  const total: Counts = {
    passed: sum((counts) => counts.passed),
    failed: sum((counts) => counts.failed) + wrongSkips.length,
    skips: skips.slice(wrongSkips.length),
  }
  if (interruption.signal.aborted) console.log('Interrupted; the groups after this were not run.')
  console.log(`\n${summary(total)}`)
  return total.failed === 0 && total.passed > 0 && !interruption.signal.aborted ? 0 : 1
}

function summary({ passed, failed, skips }: Counts): string {
  return `${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`
}

process.exitCode = await main(process.argv.slice(2))
