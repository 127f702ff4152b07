/**
 * Durable accepts (docs/adr/0016) of one submission service in a process of its own: `npm run bench -- load/accepts`. Judging is paused, the relay runs, so
 * work heaps up in the queue; fsync is on. wrk on the same machine, a source of 2 KB, crowds of 400 users with eight submissions each. Prints a line of JSON.
 *
 *   accepts_per_s   202s over the seconds of a round, by the clock
 *   cpu_us          CPU time of service and database for one accept, to the message in the queue: what others on the machine do not change
 *   half_load       requests at uneven moments, half as many a second as were taken before
 *   lost            202s without a row, which must be none
 *   ratio           over the baseline's, measured in turns with ours, when BENCH_BASELINE_URL names one (`POST /submit` there, its queue in memory)
 *   paired          against the service of another checkout, when BENCH_OTHER names its folder: the two are asked in turns, in either order, so that a busy
 *                   machine is as busy for both; ours over the other's, least and most of the rounds
 *
 *   BENCH_WAY (direct, nginx): to the service itself, or through the front door of deploy/nginx, its limits included; each user has an address
 *   BENCH_BUS (database, rabbitmq): where the queue lives. RabbitMQ's own CPU is not in `cpu_us`
 *   BENCH_SECONDS (10) of a round, BENCH_ROUNDS (3), BENCH_CONNECTIONS (64), BENCH_PROFILE (a folder: the service writes a CPU profile there)
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { v7 } from 'uuid'
import { type ProblemSnapshot, problemUpdated } from '#contracts/contest'
import { eventually } from '#testkit/eventually'
import { startNginx } from '#testkit/nginx'
import { busy, machine, overRounds, rounded } from './stage/figures.ts'
import { type LoneOptions, type LoneService, startLone } from './stage/lone-service.ts'
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

const way = oneOf('BENCH_WAY', ['direct', 'nginx'])
const bus = oneOf('BENCH_BUS', ['database', 'rabbitmq'])
const profile = process.env.BENCH_PROFILE
const other = process.env.BENCH_OTHER

const ours = await openSubject(profile === undefined ? {} : { nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${profile}`] })
try {
  const theirs = other === undefined ? undefined : await openSubject({ checkout: other })
  try {
    console.log(
      JSON.stringify({ bench: 'load/accepts', machine: machine(), busy: busy(), seconds, rounds, connections, way, bus, ...(await measure(ours, theirs)) }),
    )
  } finally {
    await theirs?.close()
  }
} finally {
  await ours.close()
}

type Round = Answers & { readonly rows: number; readonly cpuUs: number; readonly serviceCpuUs: number }
type Subject = Awaited<ReturnType<typeof openSubject>>

async function openSubject(options: LoneOptions) {
  const lone = await startLone(['submission'], { ...options, bus })
  const front = way === 'nginx' ? await startNginx({ upstreams: { submission: [`127.0.0.1:${lone.port}`] }, trustedProxies: '127.0.0.1' }) : undefined
  const url = front?.url ?? lone.url
  const sql = new pg.Client({ connectionString: lone.databaseUrl })
  await sql.connect()
  await sql.query('set enable_seqscan = off') // what is asked here again and again must not weigh on what is measured
  const problemId = await tellProblem(lone)
  const body = JSON.stringify({ problemId, language: 'python', source })
  await eventually(() => tryOnce(lone, body)) // the news of the problem is on its way
  let scripts = 0
  const countRows = async () => Number((await sql.query<{ n: string }>('select count(*) as n from submission.submissions')).rows[0]?.n)
  /** Over when what was handed in lies in the queue: the relay's work counts. */
  const round = async (perSecond: number, meanPauseMs = 0): Promise<Round> => {
    const tokens = await Promise.all(Array.from({ length: Math.ceil((perSecond * seconds) / submissionsEach) }, () => lone.tokenFor()))
    const file = join(lone.folder, `${scripts++}.lua`)
    writeFileSync(`${file}.tokens`, tokens.map(({ token }) => `${token}\n`).join(''))
    const script = writeTokenScript(file, { tokensFile: `${file}.tokens`, crowd: 400, timesEach: submissionsEach, path: '/api/submit', body, meanPauseMs })
    const rowsBefore = await countRows()
    const before = lone.cpu()
    const answers = await wrk({ url: `${url}/api/submit`, seconds, connections, script })
    await eventually(async () => {
      const { rowCount } = await sql.query('select 1 from submission.outbox where published_at is null limit 1')
      if (rowCount !== 0) throw new Error('the relay has not published all of it')
    }, 60_000)
    const after = lone.cpu()
    const service = after.service - before.service
    const each = (cpu: number) => (cpu * 1e6) / answers.ok
    return { ...answers, rows: (await countRows()) - rowsBefore, cpuUs: each(service + after.database - before.database), serviceCpuUs: each(service) }
  }
  await round(1_000) // until what is compiled and planned late is so
  const close = async () => {
    await sql.end()
    await front?.stop()
    await lone.stop()
  }
  return { round, folder: lone.folder, close }
}

async function measure(ours: Subject, theirs: Subject | undefined) {
  const [own, others, bases]: [Round[], Round[], Answers[]] = [[], [], []]
  const askOurs = async () => void own.push(await ours.round(mostPerSecond))
  const askTheirs = async () => void (theirs && others.push(await theirs.round(mostPerSecond)))
  for (let n = 0; n < rounds; n++) {
    for (const ask of n % 2 === 0 ? [askOurs, askTheirs] : [askTheirs, askOurs]) await ask()
    if (baseline !== undefined) bases.push(await wrk({ url: `${baseline}/submit`, seconds, connections, script: baselineScript(ours.folder) }))
  }
  const accepts = overRounds(own.map((each) => each.perSecond))
  const half = await ours.round(accepts.median / 2, (connections * 1_000) / (accepts.median / 2))
  const all = [...own, half]
  return {
    accepts_per_s: accepts,
    cpu_us: overRounds(own.map((each) => each.cpuUs)),
    cpu_us_service: overRounds(own.map((each) => each.serviceCpuUs)),
    full_load: { p50_ms: over(own, (each) => each.p50Ms, 1), p99_ms: over(own, (each) => each.p99Ms, 1) },
    half_load: { per_s: rounded(half.perSecond), p50_ms: half.p50Ms, p99_ms: half.p99Ms },
    refused: all.reduce((sum, each) => sum + each.refused + each.failed, 0),
    lost: all.reduce((sum, each) => sum + Math.max(0, each.ok - each.rows), 0),
    ...(theirs === undefined ? {} : { paired: paired(own, others) }),
    ...(baseline === undefined ? {} : compared(own, bases)),
  }
}

function oneOf<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
  const asked = process.env[name] ?? choices[0]
  const found = choices.find((each) => each === asked)
  if (found === undefined) throw new Error(`${name} is one of ${choices.join(', ')}`)
  return found
}

function over(all: readonly Round[], pick: (one: Round) => number, digits = 0) {
  return overRounds(all.map(pick), digits)
}
function ratios(own: readonly Round[], others: readonly Answers[], pick: (one: Round) => number) {
  const turns = others.map((other, at) => pick(own[at] as Round) / pick(other as Round))
  return overRounds(turns, 2)
}

function paired(own: readonly Round[], others: readonly Round[]) {
  return {
    other_per_s: over(others, (each) => each.perSecond),
    other_cpu_us: over(others, (each) => each.cpuUs),
    accepts: ratios(own, others, (each) => each.perSecond),
    cpu: ratios(own, others, (each) => each.cpuUs),
    cpu_service: ratios(own, others, (each) => each.serviceCpuUs),
  }
}

function compared(own: readonly Round[], bases: readonly Answers[]) {
  return { baseline_per_s: overRounds(bases.map((each) => each.perSecond)), ratio: ratios(own, bases, (each) => each.perSecond) }
}

async function tellProblem(lone: LoneService): Promise<string> {
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

async function tryOnce(lone: LoneService, body: string): Promise<void> {
  const { token } = await lone.tokenFor()
  const answer = await fetch(`${lone.url}/api/submit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  })
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`)
}

function baselineScript(folder: string): string {
  const file = join(folder, 'baseline.lua')
  const body = JSON.stringify({ user: 'u', problem_id: '1', language: 'python', code: source })
  writeFileSync(file, `wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nwrk.body = [==[${body}]==]\n`)
  return file
}
