import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestEnded, contestPublished, contestUpdated, registrationChanged } from '#contracts/contest'
import { type BoardRow, leaderboardChanged } from '#contracts/leaderboard'
import { type JudgedFact, submissionAccepted, submissionJudged } from '#contracts/submission'
import { userRegistered, userUpdated } from '#contracts/user'
import { ms } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { rebuildBoards } from '../src/operations.ts'
import { leaderboardService } from '../src/service.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
const contestId = '01900000-0000-7000-8000-00000000c001'
const ownerId = '01900000-0000-7000-8000-00000000a001'
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
  ownerId,
  archived: false,
  deleted: false,
  problems,
  ...more,
})
const people = { ann: '01900000-0000-7000-8000-0000000000a1', bob: '01900000-0000-7000-8000-0000000000b1' }
type Person = keyof typeof people
const submissionId = (n: number) => `01900000-0000-7000-8000-0000000005${String(n).padStart(2, '0')}`

const running: ServiceHarness[] = []
after(async () => {
  for (const harness of running) await harness.stop()
})

/** A contest with two participants, ten minutes after its start. */
async function arena(more: Partial<ContestSnapshot> = {}) {
  const clock = fakeClock(at(10))
  const harness = await startService(leaderboardService, { clock })
  running.push(harness)
  const to = (minutes: number) => clock.advance(ms(Date.parse(at(minutes)) - clock.now()))
  const self = {
    ...harness,
    clock,
    /** Moves to a minute of the contest and waits until the board has turned its page. */
    async goTo(minutes: number, phase: string) {
      to(minutes)
      await eventually(async () => {
        clock.advance(ms(1_000))
        const { rows } = await harness.db.query<{ phase: string }>('select phase from contests where contest_id = $1', [contestId])
        assert.equal(rows[0]?.phase, phase)
      })
      to(minutes + 1)
    },
    join: (who: Person) => harness.publish(registrationChanged, { contestId, userId: people[who], startedAt: startsAt, endsAt: null }),
    submit: (who: Person, n: number, minutes: number, problemId = problemA) =>
      harness.publish(submissionAccepted, { submissionId: submissionId(n), userId: people[who], contestId, problemId, submittedAt: at(minutes) }),
    judge: (who: Person, n: number, minutes: number, given: Pick<JudgedFact, 'verdict'> & Partial<JudgedFact>) =>
      harness.publish(submissionJudged, {
        submissionId: submissionId(n),
        attempt: 1,
        userId: people[who],
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
    async board(query: Record<string, unknown> = {}, token?: string) {
      clock.advance(ms(150)) // a read a moment after a change may be as old as that
      const answer = await harness.call('GET /api/leaderboard/:contestId', { params: { contestId }, query }, token === undefined ? {} : { token })
      return answer
    },
    /** Pushes so far, with what is under way sent first. */
    async pushes() {
      return eventually(async () => {
        clock.advance(ms(600))
        const { rows } = await harness.db.query<{ public_revision: string }>('select public_revision from contests where contest_id = $1', [contestId])
        const sent = harness.bus.broadcasts.filter(({ topic }) => topic === leaderboardChanged.topic).map(({ payload }) => payload as Record<string, unknown>)
        assert.equal(String(sent.at(-1)?.revision), rows[0]?.public_revision)
        return sent
      })
    },
  }
  for (const [name, userId] of Object.entries(people)) {
    await harness.publish(userRegistered, {
      userId,
      revision: 1,
      name,
      school: 'GS Remera',
      role: 'student',
      language: 'en',
      disabled: false,
      sessionsValidFrom: startsAt,
    })
  }
  await harness.publish(contestPublished, snapshot(more))
  await self.join('ann')
  await self.join('bob')
  return self
}
const totals = (body: { rows: BoardRow[] }) => body.rows.map((row) => [row.rank, row.name, row.score, row.penalty])

test('a verdict moves the board, and the ETag with it', async () => {
  const it = await arena()
  const before = await it.board()
  assert.deepEqual(totals(before.body), [
    [1, 'ann', 0, 0],
    [1, 'bob', 0, 0],
  ])
  await it.submit('bob', 1, 5)
  assert.equal((await it.board()).body.rows[1].cells[0].pending, 1)
  await it.judge('bob', 1, 5, { verdict: 'AC' })
  const after = await it.board()
  assert.deepEqual(totals(after.body), [
    [1, 'bob', 1, 5],
    [2, 'ann', 0, 0],
  ])
  assert.deepEqual(after.body.rows[0].cells[0], { problemId: problemA, label: 'A', solved: true, score: 1, attempts: 1, pending: 0, minute: 5, first: true })
  assert.notEqual(after.headers.etag, before.headers.etag)
  assert.equal(after.headers.etag, `"${after.body.revision}"`)
  const same = await it.call('GET /api/leaderboard/:contestId', { params: { contestId }, headers: { 'if-none-match': String(after.headers.etag) } })
  assert.equal(same.status, 304)
})

test('who takes gzip gets it, with the same board inside and the same ETag', async () => {
  const it = await arena()
  const plain = await it.board()
  const zipped = await it.app.inject({ url: `/api/leaderboard/${contestId}`, headers: { 'accept-encoding': 'gzip, br' } })
  assert.deepEqual([zipped.headers['content-encoding'], zipped.headers.etag], ['gzip', plain.headers.etag])
  assert.equal(gunzipSync(zipped.rawPayload).toString('utf8'), plain.text)
})

test('facts that come before their contest and their registration count once those are there', async () => {
  const clock = fakeClock(at(10))
  const it = await startService(leaderboardService, { clock })
  running.push(it)
  await it.publish(submissionAccepted, { submissionId: submissionId(1), userId: people.ann, contestId, problemId: problemA, submittedAt: at(5) })
  assert.equal((await it.call('GET /api/leaderboard/:contestId', { params: { contestId } })).body.error.code, 'BOARD_NOT_FOUND')
  await it.publish(contestUpdated, snapshot({ revision: 3 }))
  await it.publish(contestPublished, snapshot({ revision: 1, penaltyMinutes: 99, problems: [] }))
  await it.publish(registrationChanged, { contestId, userId: people.ann, startedAt: startsAt, endsAt: null })
  clock.advance(ms(150))
  const { body } = await it.call('GET /api/leaderboard/:contestId', { params: { contestId } })
  assert.equal(body.rows[0].cells.length, 2, 'an older snapshot never overwrites a newer one')
  assert.equal(body.rows[0].cells[0].pending, 1)
})

test('a rejudge replaces the verdict and an overtaken attempt changes nothing', async () => {
  const it = await arena()
  await it.judge('ann', 1, 5, { verdict: 'WA', attempt: 2 })
  await it.judge('ann', 1, 5, { verdict: 'AC', attempt: 1 })
  assert.equal((await it.board()).body.rows[0].score, 0)
})

test('the same fact under another event id changes nothing, not even the revision', async () => {
  const it = await arena()
  await it.judge('ann', 1, 5, { verdict: 'AC' })
  const { body } = await it.board()
  await it.judge('ann', 1, 5, { verdict: 'AC' })
  assert.equal((await it.board()).body.revision, body.revision)
})

test('practice has no board', async () => {
  const it = await arena()
  await it.judge('ann', 1, 5, { verdict: 'AC', contestId: null })
  assert.equal((await it.board()).body.rows[0].score, 0)
})

test('before the start the board tells neither names nor problems, and at the start it opens', async () => {
  const it = await arena({ startsAt: at(20) })
  const before = await it.board()
  assert.deepEqual([before.body.rows, before.body.problems, before.body.total, before.body.frozen], [[], [], 0, false])
  assert.deepEqual(
    (await it.pushes()).map(({ refetch, cells }) => [refetch, cells]),
    [[true, []]],
    'only that there is a board now',
  )
  await it.goTo(20, 'open')
  const after = await it.board()
  assert.equal(after.body.rows.length, 2)
  assert.ok(after.body.revision > before.body.revision)
})

test('a contest nobody knows, or that was deleted, has no board; an archived one keeps it', async () => {
  const it = await arena()
  const unknown = await it.call('GET /api/leaderboard/:contestId', { params: { contestId: v7() } })
  assert.deepEqual([unknown.status, unknown.body.error.code], [404, 'BOARD_NOT_FOUND'])
  await it.publish(contestUpdated, snapshot({ revision: 2, archived: true }))
  assert.equal((await it.board()).status, 200)
  await it.publish(contestUpdated, snapshot({ revision: 3, deleted: true }))
  assert.equal((await it.board()).status, 404)
})

test('what does not fit the schema is refused', async () => {
  const it = await arena()
  for (const query of [{ top: -1 }, { top: 'all' }, { around: 101 }, { depth: 3 }]) {
    const answer = await it.board(query)
    assert.deepEqual([answer.status, answer.body.error.code], [400, 'VALIDATION_FAILED'], JSON.stringify(query))
  }
})

test('top and around show the caller where they stand', async () => {
  const it = await arena()
  await it.judge('bob', 1, 5, { verdict: 'AC' })
  const { token } = await it.tokenFor({ userId: people.ann, issuedAt: new Date(it.clock.now()) })
  assert.deepEqual(
    (await it.board({ top: 0, around: 1 }, token)).body.rows.map((row: BoardRow) => row.name),
    ['bob', 'ann'],
  )
  assert.deepEqual(
    (await it.board({ top: 1, around: 1 })).body.rows.map((row: BoardRow) => row.name),
    ['bob'],
    'nobody’s own row without a token',
  )
})

test('a changed name shows on the board', async () => {
  const it = await arena()
  const { body } = await it.board()
  const renamed = {
    userId: people.ann,
    revision: 2,
    name: 'Ann K.',
    school: 'Lycée',
    role: 'student',
    language: 'en',
    disabled: false,
    sessionsValidFrom: startsAt,
  } as const
  await it.publish(userUpdated, renamed)
  const after = await it.board()
  assert.equal(after.body.rows[0].name, 'Ann K.')
  assert.equal(after.body.revision, body.revision + 1)
  await it.publish(userUpdated, { ...renamed, revision: 1, name: 'older' })
  assert.equal((await it.board()).body.rows[0].name, 'Ann K.')
})

test('the board behind the freeze is for the owner and admins alone', async () => {
  const it = await arena()
  await it.goTo(60, 'frozen')
  await it.submit('ann', 1, 61)
  await it.judge('ann', 1, 61, { verdict: 'AC' })
  const issuedAt = new Date(it.clock.now())
  const asking = async (who: Parameters<typeof it.tokenFor>[0]) => it.board({ unfrozen: true }, (await it.tokenFor({ ...who, issuedAt })).token)
  for (const who of [{ userId: people.ann }, { role: 'teacher' as const }, { userId: ownerId }]) {
    const refused = await asking(who)
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'FORBIDDEN'])
  }
  assert.equal((await it.board({ unfrozen: true })).status, 403)
  for (const who of [{ userId: ownerId, role: 'teacher' as const }, { role: 'admin' as const }]) {
    const { body } = await asking(who)
    assert.deepEqual([body.rows[0].score, body.frozen], [1, true])
  }
  assert.equal((await it.board()).body.rows[0].score, 0)
})

test('two worlds: hidden verdicts change no byte of the frozen board nor of any push', async () => {
  const world = async (verdicts: readonly JudgedFact['verdict'][], judgeLate: boolean) => {
    const it = await arena()
    await it.judge('bob', 1, 5, { verdict: 'AC' })
    await it.judge('ann', 2, 7, { verdict: 'WA' })
    await it.pushes()
    await it.goTo(60, 'frozen')
    const before = (await it.pushes()).length // from here on each change is pushed by itself, however slow the machine
    /** As new as the database is by now, and without the time, which passes while one waits for that. */
    const shown = (query: Record<string, unknown> = {}) =>
      eventually(async () => {
        const { text, body, headers } = await it.board(query)
        const { rows } = await it.db.query<{ public_revision: string }>('select public_revision from contests where contest_id = $1', [contestId])
        assert.equal(String(body.revision), String(rows[0]?.public_revision))
        return { text: text.replace(/"serverNow":"[^"]+"/, ''), etag: String(headers.etag) }
      })
    const texts: string[] = []
    for (const [index, verdict] of verdicts.entries()) {
      const who = index % 2 === 0 ? 'ann' : 'bob'
      const problemId = index < 2 ? problemA : problemB
      it.clock.set(Date.parse(at(62 + index)) as never)
      await it.submit(who, 10 + index, 61 + index, problemId)
      await it.pushes()
      texts.push((await shown()).text)
      if (!judgeLate) await it.judge(who, 10 + index, 61 + index, { verdict, problemId })
      texts.push((await shown()).text)
    }
    it.clock.set(Date.parse(at(80)) as never)
    texts.push((await shown()).text, (await shown({ top: 1 })).text, (await shown()).etag)
    const pushes = (await it.pushes()).slice(before)
    await it.goTo(120, 'thawed')
    return { texts, pushes: JSON.stringify(pushes), end: await it.board() }
  }
  const one = await world(['AC', 'WA', 'CE', 'AC'], false)
  const other = await world(['WA', 'AC', 'AC', 'CE'], false)
  const unjudged = await world(['AC', 'AC', 'AC', 'AC'], true)
  assert.deepEqual(other.texts, one.texts)
  assert.deepEqual(unjudged.texts, one.texts)
  assert.equal(other.pushes, one.pushes)
  assert.equal(unjudged.pushes, one.pushes)
  assert.match(one.texts.join(), /"pending":1/)
  assert.notEqual(JSON.stringify(other.end.body.rows), JSON.stringify(one.end.body.rows), 'after the end the worlds differ: the thaw shows them')
})

test('at the end the board thaws, by the clock or by the contest’s word, and clients are told to fetch', async () => {
  const it = await arena()
  await it.goTo(60, 'frozen')
  await it.submit('ann', 1, 61)
  await it.judge('ann', 1, 61, { verdict: 'AC' })
  assert.deepEqual([(await it.board()).body.frozen, (await it.board()).body.rows[0].score], [true, 0])
  it.clock.set(Date.parse(at(120)) as never)
  await it.publish(contestEnded, { contestId, title: 'Kigali Open', at: at(120) })
  const { body } = await it.board()
  assert.deepEqual([body.frozen, body.rows[0].score, body.rows[0].penalty], [false, 1, 61])
  assert.equal((await it.pushes()).at(-1)?.refetch, true)
})

test('with feedback after the end nothing but counts shows before it', async () => {
  const it = await arena({ feedback: 'after-end', freezeAt: startsAt })
  await it.submit('ann', 1, 5)
  await it.judge('ann', 1, 5, { verdict: 'AC', held: true })
  const { body, text } = await it.board()
  assert.deepEqual([body.frozen, body.rows[0].score, body.rows[0].cells[0].pending], [true, 0, 1])
  assert.doesNotMatch(text, /"solved":true|"minute"|"first"/)
})

test('an end that is moved away freezes the board again', async () => {
  const it = await arena()
  await it.judge('ann', 1, 61, { verdict: 'AC' })
  await it.goTo(120, 'thawed')
  assert.equal((await it.board()).body.rows[0].score, 1)
  await it.publish(contestUpdated, snapshot({ revision: 2, endsAt: at(180), freezeAt: at(60) }))
  assert.deepEqual([(await it.board()).body.frozen, (await it.board()).body.rows[0].score], [true, 0])
})

test('the first change is pushed at once, the next ones together, and the chain has no gap', async () => {
  const it = await arena()
  await it.pushes()
  it.clock.advance(ms(600))
  const before = it.bus.broadcasts.length
  await it.submit('ann', 1, 5)
  await eventually(() => assert.equal(it.bus.broadcasts.length, before + 1))
  await it.judge('ann', 1, 5, { verdict: 'WA' })
  await it.submit('bob', 2, 6, problemB)
  await it.judge('bob', 2, 6, { verdict: 'AC', problemId: problemB })
  assert.equal(it.bus.broadcasts.length, before + 1, 'half a second is not over')
  const pushes = (await it.pushes()).slice(before)
  assert.equal(pushes.length, 2)
  const last = pushes[1] as { previous: number; revision: number; cells: { name: string; cells: { label: string }[] }[] }
  assert.equal(last.previous, pushes[0]?.revision)
  assert.equal(last.revision, (await it.board()).body.revision)
  assert.deepEqual(
    last.cells.map((row) => [row.name, row.cells.map((cell) => cell.label)]),
    [
      ['bob', ['B']],
      ['ann', ['A']],
    ],
    'bob’s cell A has not changed in this step',
  )
})

test('the revision survives a restart, and what was left unpushed is pushed', async () => {
  const it = await arena()
  await it.judge('ann', 1, 5, { verdict: 'AC' })
  await it.pushes()
  const { body } = await it.board()
  const broadcast = it.bus.broadcasts.length // before there is anything to push: whoever finds it may be quick
  await it.db.query('update contests set pushed_revision = pushed_revision - 1')
  const again = await startOn(it)
  await eventually(() => {
    it.clock.advance(ms(1_000))
    assert.ok(it.bus.broadcasts.length > broadcast)
  })
  assert.equal((await again.app.inject(`/api/leaderboard/${contestId}`)).json().revision, body.revision)
  await again.stop()
})

test('a rebuild from the log finds a healthy board as it is, and puts a damaged one right', async () => {
  const it = await arena()
  await it.judge('ann', 1, 5, { verdict: 'AC' })
  await it.judge('bob', 2, 6, { verdict: 'WA' })
  assert.deepEqual(await rebuildBoards(it.db), { contests: 1, rows: 2, differences: [] })
  await it.db.query(`update board_rows set public_row = jsonb_set(public_row, '{score}', '7') where user_id = $1`, [people.bob])
  const { differences } = await rebuildBoards(it.db, { contestId })
  assert.deepEqual(
    differences.map(({ userId, board, kept, rebuilt }) => [userId, board, kept?.score, rebuilt?.score]),
    [[people.bob, 'public', 7, 0]],
  )
  it.clock.advance(ms(2_000))
  assert.deepEqual(totals((await it.board()).body), [
    [1, 'ann', 1, 5],
    [2, 'bob', 0, 0],
  ])
  assert.deepEqual((await rebuildBoards(it.db)).differences, [])
  assert.deepEqual(await rebuildBoards(it.db, { contestId: v7() }), { contests: 0, rows: 0, differences: [] })
})

test('when the database does not answer, the last known board is served and says so', async () => {
  const it = await arena()
  await it.judge('ann', 1, 5, { verdict: 'AC' })
  assert.equal((await it.board()).body.stale, undefined)
  await it.db.query('alter table contests rename to contests_away')
  it.clock.advance(ms(2_000))
  const { status, body } = await it.board()
  assert.deepEqual([status, body.stale, body.rows[0].score], [200, true, 1])
  await it.db.query('alter table contests_away rename to contests')
  it.clock.advance(ms(2_000))
  assert.equal((await it.board()).body.stale, undefined)
})

/** A second replica, or the same service after a restart. */
const startOn = (it: ServiceHarness) => it.again()
