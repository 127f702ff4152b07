/**
 * What rejudging 10,000 submissions costs those who hand in meanwhile: `npm run bench -- rejudge`, the whole arena as `npm start` runs it. ARENA_SANDBOX
 * (default native) chooses the sandbox. Prints lines of JSON, milliseconds.
 *
 *   live: submit → verdict on the socket, about one a second in a contest that runs, each source distinct; in alternating stretches `without` a rejudging
 *     and `during` one (made before the stretch, discarded after it), so that both see the same machine. `moved` is the ratio of the two over all stretches,
 *     at most 1.2 at p95; `pairs` the ratio of p50 of each pair, to tell the machine's mood from the cost. `rejudged_per_s`: what went on beside
 *   whole: one rejudging of all of them, applied: time to ready, to apply, until the board shows it. Answers to a question, unless BENCH_WHOLE=programs
 *
 * The submissions that are judged again are put into the tables as judged rows: handing in ten thousand takes longer than judging them.
 * BENCH_PAIRS (default 5), BENCH_LIVE (per stretch, default 30), BENCH_SET (default 10,000), BENCH_WHOLE (answers, programs, off).
 */
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { startArena } from '#testkit/arena'
import type { ArenaClient, ArenaSocket } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'

const pairs = Number(process.env.BENCH_PAIRS ?? 5)
const livePerStretch = Number(process.env.BENCH_LIVE ?? 30)
const setSize = Number(process.env.BENCH_SET ?? 10_000)
const whole = process.env.BENCH_WHOLE ?? 'answers'
const participants = 50
const livePupils = 4
const everyMs = 1000
const dayMs = 24 * 3_600_000
const longMs = 4 * 3_600_000

const tell = (facts: object) => process.stdout.write(`${JSON.stringify(facts)}\n`)
const quantile = (values: readonly number[], p: number): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN)
const ratio = (after: number, before: number) => Math.round((after / before) * 100) / 100

const arena = await startArena({ env: { ARENA_SANDBOX: process.env.ARENA_SANDBOX ?? 'native' } })

type Contest = { readonly id: string; readonly live: string; readonly old: string; readonly question: string }
async function openContest(teacher: ArenaClient): Promise<Contest> {
  const test = (a: number, b: number) => ({ input: `${a} ${b}\n`, output: `${a + b}\n` })
  const program = {
    kind: 'program' as const,
    subject: 'computer-science' as const,
    statement: 'Add.',
    limits: { cpuMs: 2000, memoryBytes: 256 * 1024 ** 2 },
    samples: [test(1, 2)],
    tests: [test(20, 30), test(-5, 5)],
  }
  const [live, old] = [await teacher.createProblem({ ...program, title: 'Live' }), await teacher.createProblem({ ...program, title: 'Old' })]
  const options = [
    { id: 'a', text: 'Venus' },
    { id: 'b', text: 'Mercury' },
  ]
  const question = await teacher.createProblem({ kind: 'choice', title: 'Sun', subject: 'physics', statement: 'Which is nearest?', options, correct: ['b'] })
  const { id } = await teacher.createContest({
    title: 'Bench',
    format: 'icpc',
    timing: 'window',
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    endsAt: new Date(Date.now() + dayMs).toISOString(),
    problems: [live, old, question].map((problemId) => ({ problemId })),
  })
  return { id, live, old, question }
}

/** Judged wrong once, and right when they are judged again: each changes something. */
async function insertJudged(
  contestId: string,
  userIds: readonly string[],
  of: { problemId: string; kind: 'program' | 'choice'; label: string },
): Promise<void> {
  await arena.sql(
    `insert into submission.submissions (id, user_id, contest_id, problem_id, problem_version, kind, label, language, source, answer, lane,
       stop_at_first_failure, submitted_at, status)
     select gen_random_uuid(), ($2::uuid[])[1 + n % cardinality($2::uuid[])], $1, $3, 1, $4, $5,
       case when $4 = 'program' then 'python' end, case when $4 = 'program' then '# ' || n || E'\\na, b = map(int, input().split())\\nprint(a + b)\\n' end,
       case when $4 = 'choice' then '{"choices": ["b"]}'::jsonb end, case when $4 = 'choice' then 'quiz' else 'contest' end, true, now(), 'judged'
     from generate_series(1, $6::integer) n`,
    [contestId, userIds, of.problemId, of.kind, of.label, setSize],
  )
  await arena.sql(
    `insert into submission.judgements (submission_id, attempt, verdict, score, cpu_ms, wall_ms, memory_bytes, tests, provenance, stages, judged_at)
     select id, 1, 'WA', 0, 10, 10, 1000000, '[]', jsonb_build_object('problemVersion', 1, 'dataDigest', repeat('0', 64), 'toolchain', 'none', 'checker', 'none',
       'sandbox', 'none'), '{"fetchMs": 0, "compileMs": 0, "runMs": 0, "checkMs": 0}', now()
     from submission.submissions where contest_id = $1 and problem_id = $2`,
    [contestId, of.problemId],
  )
}

type Pupil = { readonly client: ArenaClient; readonly socket: ArenaSocket }
let serial = 0

/** One hand-in; how long until the socket tells its verdict. */
async function handIn({ client, socket }: Pupil, { id, live }: Contest): Promise<number> {
  const source = `# live ${++serial}\na, b = map(int, input().split())\nprint(a + b)\n`
  const begun = Date.now()
  const submitted = await client.submit({ contestId: id, problemId: live, language: 'python', source })
  const { at, message } = await socket.waitFor((heard) => heard.type === 'submission.judged' && heard.id === submitted, 120_000)
  if (message.type !== 'submission.judged' || message.verdict !== 'AC') throw new Error(`not accepted: ${JSON.stringify(message)}`)
  return at - begun
}

/** About one a second, whether or not the one before has its verdict: who waits does not slow others down. */
async function stretch(pupils: readonly Pupil[], contest: Contest): Promise<number[]> {
  const taken: Promise<number>[] = []
  for (let n = 0; n < livePerStretch; n++) {
    const pupil = pupils[n % pupils.length]
    if (pupil) taken.push(handIn(pupil, contest))
    await pause(everyMs)
  }
  return Promise.all(taken)
}

const filterOf = (contest: Contest, problemId: string) => ({ contestId: contest.id, problemId })
const make = async (teacher: ArenaClient, filter: { contestId: string; problemId: string }) =>
  (await teacher.ok('POST /api/rejudgings', { body: { filter, reason: 'bench' } })).rejudging.id
const read = async (teacher: ArenaClient, id: string) => (await teacher.ok('GET /api/rejudgings/:id', { params: { id } })).rejudging

/** What the judge still has of a set that was discarded is judged for nothing, and would be counted against the stretch without. */
async function untilJudgeIsIdle(): Promise<void> {
  await eventually(async () => {
    const [left] = await arena.sql<{ n: string }>(`select count(*) as n from bus.messages where queue like '%rejudge%'`)
    if (Number(left?.n) > 0) throw new Error(`${left?.n} are still with the judge`)
  }, 120_000)
}

async function besideRejudging(teacher: ArenaClient, pupils: readonly Pupil[], contest: Contest): Promise<{ taken: number[]; perSecond: number }> {
  const id = await make(teacher, filterOf(contest, contest.old))
  const begun = performance.now()
  const taken = await stretch(pupils, contest)
  const { state, judged, faults } = await read(teacher, id)
  const seconds = (performance.now() - begun) / 1000
  if (state !== 'judging') throw new Error(`the set was ${state} before the stretch was over: BENCH_SET is too small`)
  if (faults > 0) throw new Error(`${faults} could not be judged`)
  await teacher.ok('POST /api/rejudgings/:id/discard', { params: { id }, body: {} })
  await untilJudgeIsIdle()
  return { taken, perSecond: Math.round((judged / seconds) * 10) / 10 }
}

async function compareLive(teacher: ArenaClient, pupils: readonly Pupil[], contest: Contest): Promise<void> {
  for (const pupil of pupils) await handIn(pupil, contest) // warm
  const [without, during]: [number[], number[]] = [[], []]
  const each: { p50: number; p95: number; rejudged_per_s: number }[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const quiet = async () => stretch(pupils, contest)
    // the order turns, so that what warms up or fills up falls on both
    const first = pair % 2 === 0 ? await quiet() : undefined
    const beside = await besideRejudging(teacher, pupils, contest)
    const alone = first ?? (await quiet())
    without.push(...alone)
    during.push(...beside.taken)
    each.push({
      p50: ratio(quantile(beside.taken, 0.5), quantile(alone, 0.5)),
      p95: ratio(quantile(beside.taken, 0.95), quantile(alone, 0.95)),
      rejudged_per_s: beside.perSecond,
    })
  }
  const figures = (values: readonly number[]) => ({ n: values.length, p50: quantile(values, 0.5), p95: quantile(values, 0.95), most: Math.max(...values) })
  const moved = { p50: ratio(quantile(during, 0.5), quantile(without, 0.5)), p95: ratio(quantile(during, 0.95), quantile(without, 0.95)) }
  tell({ live: { without: figures(without), during: figures(during), moved, pairs: each } })
}

/** Until a row of the board has one problem more. */
async function timeWhole(teacher: ArenaClient, contest: Contest): Promise<void> {
  const board = async () => (await arena.client().ok('GET /api/leaderboard/:contestId', { params: { contestId: contest.id }, query: { top: 500 } })).rows
  const solved = async () => (await board()).reduce((sum, { score }) => sum + score, 0)
  const before = await solved()
  const begun = performance.now()
  const id = await make(teacher, filterOf(contest, whole === 'programs' ? contest.old : contest.question))
  const made = performance.now()
  await eventually(async () => {
    const { state, judged } = await read(teacher, id)
    if (state !== 'ready') throw new Error(`${state}, ${judged} judged`)
  }, longMs)
  const ready = performance.now()
  const { changed, total, faults } = await read(teacher, id)
  const { moved } = await teacher.ok('GET /api/rejudgings/:id/board', { params: { id }, query: { contestId: contest.id } })
  const looked = performance.now()
  await teacher.ok('POST /api/rejudgings/:id/apply', { params: { id }, body: {} })
  const applied = performance.now()
  await eventually(async () => {
    if ((await solved()) < before + participants) throw new Error('the board does not show it yet')
  }, 120_000)
  const shown = performance.now()
  const ms = (from: number, to: number) => Math.round(to - from)
  const taken = { make: ms(begun, made), ready: ms(begun, ready), preview: ms(ready, looked), apply: ms(looked, applied), board: ms(applied, shown) }
  tell({ whole: { what: whole, total, changed, faults, moved, ...taken } })
}

try {
  const teacher = await arena.as('teacher')
  const contest = await openContest(teacher)
  const [crowd, others] = [
    await Promise.all(Array.from({ length: livePupils }, () => arena.as('student'))),
    await Promise.all(Array.from({ length: participants }, () => arena.as('student'))),
  ]
  for (const each of [...crowd, ...others]) await each.join(contest.id)
  const pupils = await Promise.all(crowd.map(async (client) => ({ client, socket: await client.socket() })))
  const userIds = others.map(({ user }) => user.id)
  await insertJudged(contest.id, userIds, { problemId: contest.old, kind: 'program', label: 'B' })
  await insertJudged(contest.id, userIds, { problemId: contest.question, kind: 'choice', label: 'C' })
  tell({ set: setSize, participants, cores: availableParallelism() })
  if (pairs > 0) await compareLive(teacher, pupils, contest)
  if (whole !== 'off') await timeWhole(teacher, contest)
  for (const { socket } of pupils) socket.close()
} finally {
  await arena.stop()
}
