/**
 * `npm run bench -- engine-crash`: kill -9 of a container engine while an arena judges in its containers, and what comes of it. It takes down every container
 * of that engine, so it is no test and has no default: ENGINE_PID_FILE names the engine's pid, ENGINE_START is the command that starts it again, and
 * TEST_DOCKER_HOST its address. Prints a line of JSON for each round; exit code 1 when a submission has not exactly one verdict or anything stays behind.
 */
import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type ContainerFacts, openEngine } from '#adapters/sandbox-docker/engine'
import { ownerLabel } from '#adapters/sandbox-docker/owner'
import { startArena } from '#testkit/arena'
import { testEngineAddress } from '#testkit/docker'
import { eventually } from '#testkit/eventually'
import { aPlusB } from '../e2e/problems.ts'

const pidFile = process.env.ENGINE_PID_FILE
const startCommand = process.env.ENGINE_START
const awayMs = [0, 3000]

const slow = (mark: string) => `import time\n# ${mark}\ntime.sleep(0.4)\na, b = map(int, input().split())\nprint(a + b)\n`
async function crash(arena: Awaited<ReturnType<typeof startArena>>, problemId: string, round: { readonly awayMs: number; readonly mark: string }) {
  const student = await arena.as('student')
  const socket = await student.socket()
  const id = await student.submit({ problemId, language: 'python', source: slow(round.mark) })
  await socket.waitFor((each) => each.type === 'submission.progress' && each.id === id, 30_000)
  process.kill(Number(readFileSync(pidFile ?? '', 'utf8')), 'SIGKILL')
  await pause(round.awayMs)
  execSync(startCommand ?? 'false', { stdio: 'ignore' })
  const backAt = performance.now()
  await socket.waitFor((each) => each.type === 'submission.judged' && each.id === id, 120_000)
  const judgedAfterMs = Math.round(performance.now() - backAt)
  socket.close()
  const submission = await student.waitForVerdict(id)
  const [row] = await arena.sql<{ n: string }>('select count(*) as n from submission.judgements where submission_id = $1', [id])
  return { ...round, judgedAfterMs, verdict: submission.verdict, judgements: Number(row?.n) }
}

/** @throws while there are any. */
async function containersLeft(counts: (each: ContainerFacts) => boolean): Promise<void> {
  const { containers } = await openEngine(testEngineAddress).list(ownerLabel)
  const left = containers.filter(counts).map(({ status }) => status)
  if (left.length > 0) throw new Error(`containers are left: ${left.join(', ')}`)
}

if (pidFile === undefined || startCommand === undefined) {
  console.log('skipped: ENGINE_PID_FILE and ENGINE_START must name an engine that may be killed')
} else {
  const arena = await startArena({ env: { ARENA_SANDBOX: 'docker', ARENA_DOCKER_HOST: testEngineAddress } })
  try {
    const teacher = await arena.as('teacher')
    const problemId = await teacher.createProblem({ ...aPlusB, public: true })
    for (const [index, each] of awayMs.entries()) {
      const told = await crash(arena, problemId, { awayMs: each, mark: `round ${index}` })
      console.log(JSON.stringify(told))
      if (told.verdict !== 'AC' || told.judgements !== 1) process.exitCode = 1
    }
    // one that was made and never started is left alone for a minute, and looked for every minute
    await eventually(() => containersLeft(({ state }) => state !== 'running'), 150_000)
  } finally {
    await arena.stop()
  }
  await eventually(() => containersLeft(() => true))
  console.log(JSON.stringify({ containersLeft: 0 }))
}
