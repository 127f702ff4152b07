/**
 * `kill -9` under load. Several users hand in programs and answers as a real client does: an Idempotency-Key each, retried on a lost connection until a 202
 * came. Meanwhile the services, the worker and PostgreSQL are killed at moments drawn from a seed (counted in accepted submissions, so that a seed means the
 * same on a slow machine). What does not start again by itself is started again. Then everything promised must be true.
 * `ARENA_TEST_SEED=…` repeats a run.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Verdict } from '#contracts/common'
import type { Submit } from '#contracts/submission'
import { type ArenaPart, arenaForTests, isRunning } from '#testkit/arena'
import type { ArenaClient } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { seeded } from '#testkit/harsh-bus'
import { aPlusB, gravity, whichPlanet } from './problems.ts'

const seed = Number(process.env.ARENA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const users = 8
const each = 25
const total = users * each
const points = { choice: 10, numeric: 20, program: 30 }

type Planned = { readonly key: string; readonly body: Submit; readonly verdict: Verdict; readonly points: number }
type Accepted = Planned & { readonly userId: string; readonly id: string }

const arena = await arenaForTests()

test(`200 submissions under kill -9 of every process (seed ${seed}): each accepted one has its one verdict`, { timeout: 240_000 }, async (t) => {
  t.diagnostic(`seed ${seed}: ARENA_TEST_SEED=${seed} repeats it`)
  const random = seeded(seed)
  const teacher = await arena.as('teacher')
  const ids = {
    choice: await teacher.createProblem(whichPlanet),
    numeric: await teacher.createProblem(gravity),
    program: await teacher.createProblem(aPlusB),
  }
  const contest = await teacher.createContest({
    problems: (['choice', 'numeric', 'program'] as const).map((kind) => ({ problemId: ids[kind], points: points[kind], maxAttempts: 1000 })),
  })
  const students: ArenaClient[] = []
  for (let at = 0; at < users; at++) {
    const student = await arena.as('student', `Student ${at}`)
    await student.join(contest.id)
    students.push(student)
  }

  const accepted: Accepted[] = []
  const retried = { count: 0 }
  const plans = students.map((_, user) => Array.from({ length: each }, (_each, at) => plan(random, { contestId: contest.id, ids, key: `key-${user}-${at}` })))
  const kills = planKills(random)
  t.diagnostic(`kills: ${kills.map(({ part, after }) => `${part} after ${after}`).join(', ')}`)
  const submitting = students.map(async (student, user) => {
    for (const planned of plans[user] ?? []) {
      const id = await submitUntilAccepted(student, planned, retried)
      accepted.push({ ...planned, id, userId: student.user.id })
    }
  })
  const killing = (async () => {
    for (const { part, after } of kills) {
      await eventually(() => assert.ok(accepted.length >= after, `only ${accepted.length} accepted`), 120_000)
      await sleep(random() * 150) // lands inside of what is at work, not at its edge
      await killOnce(part)
      if (part === 'services') await arena.restart()
    }
  })()
  await Promise.all([...submitting, killing])
  t.diagnostic(`${accepted.length} accepted, ${retried.count} requests retried`)

  await everyoneIsJudged(contest.id)
  await everyVerdictIsItsOwn(accepted)
  await everythingIsToldOnce(accepted)
  await theBoardIsRight(contest.id, accepted, teacher)
  await noOrphanIsLeft()
})

/** Seven kills, two of each process at least, at seven different counts of accepted submissions. */
function planKills(random: () => number): { part: ArenaPart; after: number }[] {
  const parts: ArenaPart[] = [
    'services',
    'worker',
    'database',
    'services',
    'worker',
    'database',
    (['services', 'worker', 'database'] as const)[Math.floor(random() * 3)] ?? 'worker',
  ]
  const shuffled = parts.map((part) => ({ part, at: random() })).sort((a, b) => a.at - b.at)
  const step = Math.floor((total - 20) / parts.length)
  return shuffled.map(({ part }, index) => ({ part, after: 5 + index * step + Math.floor(random() * step) }))
}

function plan(random: () => number, { contestId, ids, key }: { contestId: string; ids: Record<keyof typeof points, string>; key: string }): Planned {
  const draw = random()
  const right = random() < 0.5
  if (draw < 0.4)
    return { key, verdict: right ? 'AC' : 'WA', points: points.choice, body: { contestId, problemId: ids.choice, answer: { choices: [right ? 'b' : 'c'] } } }
  if (draw < 0.7)
    return {
      key,
      verdict: right ? 'AC' : 'WA',
      points: points.numeric,
      body: { contestId, problemId: ids.numeric, answer: { value: right ? '9.81' : '10.5', unit: 'm/s^2' } },
    }
  const [verdict, last] = right
    ? (['AC', 'print(a + b)'] as const)
    : draw < 0.85
      ? (['WA', 'print(a - b - 1)'] as const)
      : (['RE', 'raise SystemExit(4)'] as const)
  return {
    key,
    verdict,
    points: points.program,
    body: { contestId, problemId: ids.program, language: 'python', source: `# ${key}\na, b = map(int, input().split())\n${last}\n` },
  }
}

/** As the web does it: the same key until an answer came. A full bound of pending ones, a lost connection and a 5xx mean: again in a moment. */
async function submitUntilAccepted(student: ArenaClient, { key, body }: Planned, retried: { count: number }): Promise<string> {
  const giveUpAt = Date.now() + 120_000
  for (;;) {
    const answer = await student.call('POST /api/submit', { body, headers: { 'idempotency-key': key } }).catch(() => undefined)
    if (answer?.status === 202) return answer.body.id
    assert.ok(answer === undefined || answer.status === 429 || answer.status >= 500, `${key}: ${answer?.status} ${answer?.text}`)
    assert.ok(Date.now() < giveUpAt, `${key} was not accepted within two minutes: ${answer?.status} ${answer?.text}`)
    if (answer?.status !== 429) retried.count++
    await sleep(50)
  }
}

/** A part that is just being started again is waited for. */
const killOnce = (part: ArenaPart) =>
  eventually(async () => {
    const pid = part === 'worker' ? arena.workerPid() : part === 'database' ? arena.databasePid() : arena.pid
    assert.ok(pid !== undefined && isRunning(pid), `there is no ${part} to kill`)
    await arena.kill(part)
  }, 20_000)

async function everyoneIsJudged(contestId: string) {
  await eventually(async () => {
    const rows = await arena.sql<{ id: string; status: string; kind: string }>(
      `select id, status, kind from submission.submissions where contest_id = $1 and status <> 'judged'`,
      [contestId],
    )
    assert.deepEqual(rows, [])
  }, 90_000)
}

async function everyVerdictIsItsOwn(accepted: readonly Accepted[]) {
  const rows = await arena.sql<{ id: string; user_id: string; idempotency_key: string; attempt: number; verdicts: string[]; attempts: number[] }>(
    `select s.id, s.user_id, s.idempotency_key, s.attempt, array_agg(j.verdict) as verdicts, array_agg(j.attempt) as attempts
     from submission.submissions s join submission.judgements j on j.submission_id = s.id group by s.id`,
  )
  assert.equal(accepted.length, total)
  assert.equal(new Set(accepted.map(({ id }) => id)).size, total, 'two submissions got one id')
  assert.equal(rows.length, total, 'a submission is lost, or there twice')
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { id, key, userId, verdict } of accepted) {
    const row = byId.get(id)
    assert.ok(row, `${key} was accepted as ${id} and is lost`)
    assert.deepEqual([row.user_id, row.idempotency_key], [userId, key])
    assert.deepEqual([row.attempt, row.attempts, row.verdicts], [1, [1], [verdict]], `${key}: exactly one judgement, and the right one`)
  }
}

async function everythingIsToldOnce(accepted: readonly Accepted[]) {
  await eventually(async () => {
    const facts = await arena.sql<{ kind: string; count: string; distinct: string }>(
      `select kind, count(*), count(distinct fact->>'submissionId') as distinct from leaderboard.log where kind in ('accepted', 'judged') group by kind order by kind`,
    )
    assert.deepEqual(
      facts.map((row) => ({ ...row })),
      [
        { kind: 'accepted', count: String(total), distinct: String(total) },
        { kind: 'judged', count: String(total), distinct: String(total) },
      ],
    )
  }, 30_000)
  const admin = await arena.as('admin')
  await eventually(async () => {
    const { queues } = await admin.ok('GET /api/admin/status')
    for (const { queue, waiting, leased, dead } of queues) assert.deepEqual([waiting, leased, dead], [0, 0, 0], queue)
  }, 30_000)
  const told = await arena.sql<{ count: string; distinct: string }>(
    `select count(*), count(distinct params->>'submissionId') as distinct from notifications.messages where code = 'SUBMISSION_JUDGED'`,
  )
  assert.deepEqual({ ...told[0] }, { count: String(accepted.length), distinct: String(accepted.length) }, 'a verdict was told twice, or never')
}

async function theBoardIsRight(contestId: string, accepted: readonly Accepted[], by: ArenaClient) {
  const expected = new Map<string, number>()
  const solved = new Set<string>()
  for (const { userId, body, verdict, points: worth } of accepted) {
    expected.set(userId, expected.get(userId) ?? 0)
    const cell = `${userId} ${body.problemId}`
    if (verdict !== 'AC' || solved.has(cell)) continue
    solved.add(cell)
    expected.set(userId, (expected.get(userId) ?? 0) + worth)
  }
  const order = (rows: (readonly [string, number])[]) => rows.sort(([a], [b]) => a.localeCompare(b))
  await eventually(async () => {
    const { rows } = await by.ok('GET /api/leaderboard/:contestId', { params: { contestId } })
    assert.deepEqual(order(rows.map((row) => [row.userId, row.score] as const)), order([...expected]))
    assert.equal(
      rows.flatMap((row) => row.cells).reduce((sum, cell) => sum + cell.pending, 0),
      0,
    )
  }, 20_000)
  const rebuilt = arena.cli('board', 'rebuild')
  assert.equal(rebuilt.code, 0, rebuilt.err)
  assert.match(rebuilt.out, new RegExp(`^1 contests, ${users} rows computed again, 0 differed`))
}

/** A worker whose arena was killed may finish what it judges; then it is gone. */
async function noOrphanIsLeft() {
  await eventually(() => {
    const now = new Set([arena.pid, arena.workerPid(), arena.databasePid()])
    assert.deepEqual(
      arena
        .seenProcesses()
        .filter(({ pid }) => !now.has(pid))
        .map(({ pid, command }) => `${pid} ${command}`),
      [],
    )
  }, 15_000)
}
