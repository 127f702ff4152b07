/** Parts of a board: ranges of a large one, what a search finds, and how the first came to their scores; none of it tells what the freeze hides. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestPublished, contestUpdated, registrationChanged } from '#contracts/contest'
import type { BoardRow } from '#contracts/leaderboard'
import { type JudgedFact, submissionAccepted, submissionJudged } from '#contracts/submission'
import { userRegistered, userUpdated } from '#contracts/user'
import { ms } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { leaderboardService } from '../src/service.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
const contestId = '01900000-0000-7000-8000-00000000c001'
const problems = ['A', 'B'].map((label, n) => ({
  problemId: `01900000-0000-7000-8000-00000000b00${n}`,
  version: 1,
  label,
  title: `Problem ${label}`,
  kind: 'program' as const,
  points: 100,
  maxAttempts: null,
}))
const [problemA = '', problemB = ''] = problems.map((problem) => problem.problemId)
const snapshot = (more: Partial<ContestSnapshot> = {}): ContestSnapshot => ({
  contestId,
  revision: 1,
  title: 'Kigali Open',
  subject: 'computer-science',
  format: 'icpc',
  timing: 'window',
  startsAt,
  endsAt: at(120),
  durationMinutes: null,
  freezeAt: at(60),
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: '01900000-0000-7000-8000-00000000a001',
  archived: false,
  deleted: false,
  problems,
  ...more,
})
/** In the order of a board on which nobody has scored. */
const people = [
  ['Aline Uwase', 'GS Rémera'],
  ['Bosco N’Dour', 'Lycée de Kigali'],
  ['Claude Uwimana', 'GS Remera'],
  ['Élodie Keza', 'GS Huye'],
].map(([name = '', school = ''], n) => ({ userId: `01900000-0000-7000-8000-0000000000a${n}`, name, school }))
const userAt = (n: number) => people[n]?.userId ?? ''
const submissionId = (n: number) => `01900000-0000-7000-8000-0000000005${String(n).padStart(2, '0')}`

const running: ServiceHarness[] = []
after(async () => {
  for (const harness of running) await harness.stop()
})

async function arena(more: Partial<ContestSnapshot> = {}) {
  const clock = fakeClock(at(10))
  const it = await startService(leaderboardService, { clock })
  running.push(it)
  for (const user of people) {
    await it.publish(userRegistered, { ...user, revision: 1, role: 'student', language: 'en', disabled: false, sessionsValidFrom: startsAt })
  }
  await it.publish(contestPublished, snapshot(more))
  for (const { userId } of people) await it.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt: null })
  type Part = 'GET /api/leaderboard/:contestId' | 'GET /api/leaderboard/:contestId/search' | 'GET /api/leaderboard/:contestId/history'
  const ask = async (key: Part, query: Record<string, unknown> = {}, { token, etag }: { token?: string; etag?: string } = {}) => {
    clock.advance(ms(1_100)) // the view is looked at anew
    return it.call(key, { params: { contestId }, query, ...(etag && { headers: { 'if-none-match': etag } }) }, token === undefined ? {} : { token })
  }
  return {
    ...it,
    clock,
    board: (query: Record<string, unknown>, more = {}) => ask('GET /api/leaderboard/:contestId', query, more),
    search: (query: Record<string, unknown>) => ask('GET /api/leaderboard/:contestId/search', query),
    history: (query: Record<string, unknown> = {}, more = {}) => ask('GET /api/leaderboard/:contestId/history', query, more),
    tokenOf: async (n: number) => (await it.tokenFor({ userId: userAt(n), issuedAt: new Date(clock.now()) })).token,
    submit: (n: number, run: number, minutes: number, problemId = problemA) =>
      it.publish(submissionAccepted, { submissionId: submissionId(run), userId: userAt(n), contestId, problemId, submittedAt: at(minutes) }),
    judge: (n: number, run: number, minutes: number, given: Pick<JudgedFact, 'verdict'> & Partial<JudgedFact>) =>
      it.publish(submissionJudged, {
        submissionId: submissionId(run),
        attempt: 1,
        userId: userAt(n),
        contestId,
        problemId: problemA,
        label: 'A',
        kind: 'program',
        score: given.verdict === 'AC' ? 100 : 0,
        submittedAt: at(minutes),
        judgedAt: at(minutes),
        held: false,
        ...given,
      }),
    async goTo(minutes: number, phase: string) {
      clock.set(Date.parse(at(minutes)) as never)
      await eventually(async () => {
        clock.advance(ms(1_000))
        const { rows } = await it.db.query<{ phase: string }>('select phase from contests where contest_id = $1', [contestId])
        assert.equal(rows[0]?.phase, phase)
      })
    },
  }
}
const names = (body: { rows: BoardRow[] }) => body.rows.map(({ rank, name }) => `${rank} ${name}`)
const stands = (body: { rows: BoardRow[] }) => body.rows.map((row) => `${row.at} ${row.name}`)

test('a range of the board comes from its middle, with ranks, an ETag and nothing behind the end', async () => {
  const it = await arena()
  await it.judge(3, 1, 5, { verdict: 'AC' })
  const middle = await it.board({ from: 1, top: 2 })
  assert.deepEqual([names(middle.body), middle.body.total], [['2 Aline Uwase', '2 Bosco N’Dour'], 4])
  assert.deepEqual(
    middle.body.rows.map((row: BoardRow) => row.at),
    [undefined, undefined],
    'where they stand is what was asked for',
  )
  assert.equal((await it.board({ from: 1, top: 2 }, { etag: middle.headers.etag })).status, 304)
  assert.deepEqual(names((await it.board({ from: 3, top: 100 })).body), ['2 Claude Uwimana'])
  assert.deepEqual((await it.board({ from: 9_000_000, top: 100 })).body.rows, [])
  const own = await it.board({ from: 0, top: 1, around: 1 }, { token: await it.tokenOf(2) })
  assert.deepEqual(stands(own.body), ['undefined Élodie Keza', '2 Bosco N’Dour', '3 Claude Uwimana'], 'rows around the caller say where they stand')
  for (const query of [{ from: -1 }, { from: 'x' }, { from: 1e12 }]) assert.equal((await it.board(query)).status, 400, JSON.stringify(query))
})

test('a search finds beginnings of words in names and schools, whatever their case and accents, in order of the board', async () => {
  const it = await arena()
  await it.judge(2, 1, 5, { verdict: 'AC' })
  const found = async (query: Record<string, unknown>) => stands((await it.search(query)).body)
  assert.deepEqual(await found({ text: 'uw' }), ['0 Claude Uwimana', '1 Aline Uwase'])
  assert.deepEqual(await found({ text: 'ELODIE' }), ['3 Élodie Keza'])
  assert.deepEqual(await found({ text: 'remera uwi' }), ['0 Claude Uwimana'])
  assert.deepEqual(await found({ text: 'n’d' }), ['2 Bosco N’Dour'])
  assert.deepEqual(await found({ school: 'gs remera' }), ['0 Claude Uwimana', '1 Aline Uwase'])
  assert.deepEqual(await found({ school: 'uwase' }), [], 'a name is no school')
  assert.deepEqual(await found({ school: 'kigali', text: 'bosco' }), ['2 Bosco N’Dour'])
  assert.deepEqual(await found({ users: `${userAt(3)},${userAt(2)},${contestId}` }), ['0 Claude Uwimana', '3 Élodie Keza'])
  for (const nothing of [{}, { text: ' !:*&| ' }, { text: "'); drop table users; --" }, { text: 'ase' }]) assert.deepEqual(await found(nothing), [])
  for (const query of [{ text: 'x'.repeat(101) }, { users: 'me' }, { users: `${userAt(0)},` }, { limit: 3 }])
    assert.equal((await it.search(query)).status, 400, JSON.stringify(query))
})

test('who has a new name is found by it, and by the old one no longer', async () => {
  const it = await arena()
  const renamed = { ...people[0], userId: userAt(0), name: 'Ange Mukamana', school: 'GS Huye', revision: 2 }
  await it.publish(userUpdated, { ...renamed, role: 'student', language: 'en', disabled: false, sessionsValidFrom: startsAt })
  assert.deepEqual(stands((await it.search({ text: 'mukamana huye' })).body), ['0 Ange Mukamana'])
  assert.deepEqual((await it.search({ text: 'uwase' })).body.rows, [])
})

test('of very many that fit the first are told, and that there are more', async () => {
  const it = await arena()
  const crowd = Array.from({ length: 205 }, (_, n) => `01900000-0000-7000-8000-00000001${String(n).padStart(4, '0')}`)
  const user = { school: 'GS', revision: 1, role: 'student', language: 'en', disabled: false, sessionsValidFrom: startsAt }
  const tell = async (topic: string, payloads: readonly unknown[]) => {
    await it.bus.publish(payloads.map((payload) => ({ id: v7(), topic, occurredAt: at(10), payload })))
    await it.bus.settled()
  }
  await tell(
    userRegistered.topic,
    crowd.map((userId, n) => ({ ...user, userId, name: `Zaninka ${n}` })),
  )
  await tell(
    registrationChanged.topic,
    crowd.map((userId) => ({ contestId, userId, startedAt: startsAt, endsAt: null })),
  )
  const { body } = await it.search({ text: 'zaninka' })
  assert.deepEqual([body.rows.length, body.more], [200, true])
  assert.equal((await it.search({ text: 'zaninka 7' })).body.more, false)
})

test('the way to a score is told step by step; the last step is the row as it stands', async () => {
  const it = await arena()
  await it.judge(0, 1, 5, { verdict: 'WA' })
  await it.judge(0, 2, 9, { verdict: 'AC' })
  await it.judge(0, 3, 30, { verdict: 'AC', problemId: problemB })
  await it.judge(1, 4, 12, { verdict: 'AC' })
  const { body, headers } = await it.history()
  assert.deepEqual(
    body.lines.map(({ name, rank, steps }: Record<string, unknown>) => [name, rank, steps]),
    [
      [
        'Aline Uwase',
        1,
        [
          { minute: 9, score: 1, penalty: 29 },
          { minute: 30, score: 2, penalty: 59 },
        ],
      ],
      ['Bosco N’Dour', 2, [{ minute: 12, score: 1, penalty: 12 }]],
      ['Claude Uwimana', 3, []],
      ['Élodie Keza', 3, []],
    ],
  )
  assert.equal((await it.history({}, { etag: headers.etag })).status, 304)
  const own = await it.history({ top: 1 }, { token: await it.tokenOf(3) })
  assert.deepEqual(
    own.body.lines.map(({ name }: { name: string }) => name),
    ['Aline Uwase', 'Élodie Keza'],
    'the caller comes last',
  )
  await it.judge(1, 5, 40, { verdict: 'AC', problemId: problemB })
  const later = await it.history({}, { etag: headers.etag })
  assert.deepEqual([later.status, later.body.lines[1].steps.length], [200, 2])
  assert.equal((await it.history({ top: 21 })).status, 400)
})

test('before the start neither a range nor a search nor a history tells anybody; an unknown contest has none', async () => {
  const it = await arena({ startsAt: at(20) })
  assert.deepEqual((await it.board({ from: 1, top: 2 })).body.rows, [])
  for (const query of [{ text: 'uwase' }, { users: userAt(0) }]) assert.deepEqual((await it.search(query)).body.rows, [])
  assert.deepEqual((await it.history({}, { token: await it.tokenOf(0) })).body.lines, [])
  await it.publish(contestUpdated, snapshot({ revision: 2, deleted: true }))
  for (const answer of [await it.search({ text: 'uwase' }), await it.history(), await it.board({ from: 1 })])
    assert.deepEqual([answer.status, answer.body.error.code], [404, 'BOARD_NOT_FOUND'])
})

test('two worlds: hidden verdicts change no byte of a range, a search or a history', async () => {
  const world = async (verdicts: readonly (JudgedFact['verdict'] | undefined)[]) => {
    const it = await arena()
    await it.judge(1, 1, 5, { verdict: 'AC' })
    await it.judge(0, 2, 7, { verdict: 'WA' })
    await it.goTo(60, 'frozen')
    for (const [n, verdict] of verdicts.entries()) {
      await it.submit(n, 10 + n, 61 + n)
      if (verdict) await it.judge(n, 10 + n, 61 + n, { verdict })
    }
    const told = async () => {
      it.clock.set(Date.parse(at(90)) as never)
      const token = await it.tokenOf(3)
      const answers = [
        await it.board({ from: 1, top: 2 }),
        await it.board({ from: 2, top: 1, around: 1 }, { token }),
        await it.search({ text: 'gs' }),
        await it.search({ users: userAt(0) }),
        await it.history(),
        await it.history({ top: 1 }, { token }),
      ]
      for (const { status, text } of answers) assert.equal(status, 200, text)
      return answers.map(({ text, headers }) => `${headers.etag} ${text.replace(/"serverNow":"[^"]+"/, '')}`)
    }
    const frozen = await told()
    it.clock.set(Date.parse(at(119)) as never)
    await it.goTo(121, 'thawed')
    return { frozen, end: (await it.history()).text.replace(/"serverNow":"[^"]+"/, '') }
  }
  const one = await world(['AC', 'WA', 'AC', 'CE'])
  const other = await world(['WA', 'AC', 'WA', 'AC'])
  const unjudged = await world([undefined, undefined, undefined, undefined])
  assert.deepEqual(other.frozen, one.frozen)
  assert.deepEqual(unjudged.frozen, one.frozen)
  assert.match(one.frozen.join(), /"pending":1/)
  assert.notEqual(other.end, one.end, 'after the end the worlds differ')
})
