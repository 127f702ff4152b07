/**
 * Durable accepts (docs/adr/0016) of one submission service in a process of its own: `npm run bench -- load/accepts`. Judging is paused, the relay runs, so
 * work heaps up in the queue; fsync is on. wrk on the same machine, a source of 2 KB, crowds of 400 users with eight submissions each. Prints a line of JSON.
 *
 *   accepts_per_s   202s over the seconds of a round, by the clock
 *   cpu_us          CPU time of service and database for one accept, to the message in the queue: what others on the machine do not change
 *   half_load       requests at uneven moments, half as many a second as were taken before
 *   lost            202s without a row, which must be none
 *   ratio           over the baseline's, measured in turns with ours, when BENCH_BASELINE_URL names one (`POST /submit` there, its queue in memory)
 *
 *   BENCH_SECONDS (10) of a round, BENCH_ROUNDS (3), BENCH_CONNECTIONS (64), BENCH_PROFILE (a folder: the service writes a CPU profile there)
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { v7 } from 'uuid'
import { type ProblemSnapshot, problemUpdated } from '#contracts/contest'
import { eventually } from '#testkit/eventually'
import { busy, machine, overRounds, rounded } from './stage/figures.ts'
import { startLone } from './stage/lone-service.ts'
import { type Answers, writeTokenScript, wrk } from './stage/wrk.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const connections = Number(process.env.BENCH_CONNECTIONS ?? 64)
const baseline = process.env.BENCH_BASELINE_URL
/** Above what this machine takes, so that nobody comes to the bound on what one may have pending (ten). */
const mostPerSecond = 8_000
const submissionsEach = 8

const source = Array.from({ length: 40 }, (_, n) => `def f${n}(a, b):\n    return a * ${n * 7919} + b - ${n}\n`)
  .join('')
  .slice(0, 2_000)

const profile = process.env.BENCH_PROFILE
const lone = await startLone(['submission'], profile === undefined ? {} : { nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${profile}`] })
const sql = new pg.Client({ connectionString: lone.databaseUrl })
await sql.connect()
await sql.query('set enable_seqscan = off') // what is asked here again and again must not weigh on what is measured
try {
  console.log(JSON.stringify({ bench: 'load/accepts', machine: machine(), busy: busy(), seconds, rounds, connections, ...(await measure()) }))
} finally {
  await sql.end()
  await lone.stop()
}

async function measure() {
  const problemId = await tellProblem()
  const body = JSON.stringify({ problemId, language: 'python', source })
  const script = async (name: string, perSecond: number, meanPauseMs = 0) => {
    const tokens = await Promise.all(Array.from({ length: Math.ceil((perSecond * seconds) / submissionsEach) }, () => lone.tokenFor()))
    const tokensFile = join(lone.folder, `${name}.tokens`)
    writeFileSync(tokensFile, tokens.map(({ token }) => `${token}\n`).join(''))
    return writeTokenScript(join(lone.folder, `${name}.lua`), { tokensFile, crowd: 400, timesEach: submissionsEach, path: '/api/submit', body, meanPauseMs })
  }
  await eventually(() => tryOnce(body)) // the news of the problem is on its way
  await oneRound(await script('warm', 1_000))
  const ours: Round[] = []
  const theirs: Answers[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await oneRound(await script(`round-${round}`, mostPerSecond)))
    if (baseline !== undefined) theirs.push(await wrk({ url: `${baseline}/submit`, seconds, connections, script: baselineScript() }))
  }
  const accepts = overRounds(ours.map((each) => each.perSecond))
  const half = await oneRound(await script('half', accepts.median / 2, (connections * 1_000) / (accepts.median / 2)))
  const all = [...ours, half]
  return {
    accepts_per_s: accepts,
    cpu_us: overRounds(ours.map((each) => each.cpuUs)),
    cpu_us_service: overRounds(ours.map((each) => each.serviceCpuUs)),
    full_load: {
      p50_ms: overRounds(
        ours.map((each) => each.p50Ms),
        1,
      ),
      p99_ms: overRounds(
        ours.map((each) => each.p99Ms),
        1,
      ),
    },
    half_load: { per_s: rounded(half.perSecond), p50_ms: half.p50Ms, p99_ms: half.p99Ms },
    refused: all.reduce((sum, each) => sum + each.refused + each.failed, 0),
    lost: all.reduce((sum, each) => sum + Math.max(0, each.ok - each.rows), 0),
    ...(baseline === undefined ? {} : compared(ours, theirs)),
  }
}

type Round = Answers & { readonly rows: number; readonly cpuUs: number; readonly serviceCpuUs: number }

/** Over when what was handed in lies in the queue: the relay's work counts. */
async function oneRound(script: string): Promise<Round> {
  const rowsBefore = await countRows()
  const before = lone.cpu()
  const answers = await wrk({ url: `${lone.url}/api/submit`, seconds, connections, script })
  await eventually(async () => {
    const { rowCount } = await sql.query('select 1 from submission.outbox where published_at is null limit 1')
    if (rowCount !== 0) throw new Error('the relay has not published all of it')
  }, 60_000)
  const after = lone.cpu()
  const service = after.service - before.service
  const each = (cpu: number) => (cpu * 1e6) / answers.ok
  return { ...answers, rows: (await countRows()) - rowsBefore, cpuUs: each(service + after.database - before.database), serviceCpuUs: each(service) }
}

function compared(ours: readonly Round[], theirs: readonly Answers[]) {
  const ratios = theirs.map((their, at) => (ours[at]?.perSecond ?? Number.NaN) / their.perSecond)
  return { baseline_per_s: overRounds(theirs.map((each) => each.perSecond)), ratio: overRounds(ratios, 2) }
}

async function tellProblem(): Promise<string> {
  const problem: ProblemSnapshot = {
    problemId: v7(),
    revision: 1,
    version: 1,
    ownerId: v7(),
    title: 'Sum',
    kind: 'program',
    public: true,
    deleted: false,
    languages: null,
    sourceBytes: 65_536,
    optionIds: null,
    multiple: false,
  }
  await lone.tell(problemUpdated.topic, [problem])
  return problem.problemId
}

async function tryOnce(body: string): Promise<void> {
  const { token } = await lone.tokenFor()
  const answer = await fetch(`${lone.url}/api/submit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  })
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`)
}

async function countRows(): Promise<number> {
  const { rows } = await sql.query<{ n: string }>('select count(*) as n from submission.submissions')
  return Number(rows[0]?.n)
}

function baselineScript(): string {
  const file = join(lone.folder, 'baseline.lua')
  const body = JSON.stringify({ user: 'u', problem_id: '1', language: 'python', code: source })
  writeFileSync(file, `wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nwrk.body = [==[${body}]==]\n`)
  return file
}
