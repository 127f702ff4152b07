import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { contestPublished, contestUpdated, registrationChanged } from '#contracts/contest'
import { timesRules } from '#contracts/errors'
import { submissionAccepted } from '#contracts/submission'
import { instant } from '#kernel/time'
import { eventually } from '#testkit/eventually'
import { at, choice, makeContest, makeProblem, numeric, program, start, windowContest, withArena } from './arena.ts'

describe('contests', () => {
  const arena = withArena()
  type Who = 'teacher' | 'other' | 'admin' | 'student' | 'pupil'
  const as = (who: Who | 'nobody') => (who === 'nobody' ? {} : { token: arena().people[who].token })
  const setTime = (iso: string) => arena().time.set(instant(Date.parse(iso)))
  const get = (id: string, who: Who | 'nobody') => arena().call('GET /api/contests/:id', { params: { id } }, as(who))
  const join = (id: string, who: Who) => arena().call('POST /api/contests/:id/register', { params: { id } }, as(who))
  const patch = (id: string, body: object, who: Who = 'teacher') => arena().call('PATCH /api/contests/:id', { params: { id }, body }, as(who))
  const create = (body: object, who: Who = 'teacher') => arena().call('POST /api/contests', { body: { ...windowContest, ...body } }, as(who))
  const snapshots = (id: string) => [...arena().told(contestPublished), ...arena().told(contestUpdated)].filter(({ contestId }) => contestId === id)
  /** Events leave after the commit, so after the answer too. */
  const eventuallyTold = <T>(told: () => T[], count: number) =>
    eventually(() => {
      assert.equal(told().length, count)
      return told()
    })
  afterEach(() => setTime(start))

  it('publishes a contest with labels, points and attempts by default', async () => {
    const [a, b, c] = [await makeProblem(arena(), choice), await makeProblem(arena(), numeric), await makeProblem(arena(), program)]
    const made = await create({
      rules: { freezeMinutes: 30 },
      problems: [{ problemId: a }, { problemId: b, points: 7 }, { problemId: c, label: 'Z1', maxAttempts: 5 }],
    })
    assert.equal(made.status, 201, made.text)
    const places = made.body.contest.problems.map((p: Record<string, unknown>) => [p.label, p.points, p.maxAttempts])
    assert.deepEqual(places, [
      ['A', 100, 1],
      ['B', 7, 3],
      ['Z1', 100, 5],
    ])
    assert.ok(!made.text.includes('authoring'))
    const [told] = await eventuallyTold(() => snapshots(made.body.contest.id), 1)
    assert.equal(told?.freezeAt, at(2.5))
    assert.deepEqual([told?.revision, told?.penaltyMinutes, told?.feedback, told?.problems.length], [1, 20, 'now', 3])
  })

  it('refuses times that do not fit, with the reason', async () => {
    const cases: [object, RegExp][] = [
      [{ startsAt: at(3), endsAt: at(1) }, /not before/],
      [{ startsAt: at(-3), endsAt: at(-1) }, /in the past/],
      [{ endsAt: undefined }, /needed/],
      [{ timing: 'personal' }, /durationMinutes/],
      [{ timing: 'untimed' }, /no startsAt/],
      [{ startsAt: '2026-02-30T08:00:00Z' }, /calendar/],
      [{ endsAt: '9999-01-01T00:00:00Z' }, /between 2020 and 2100/],
    ]
    for (const [body, problem] of cases) {
      const made = await create(body)
      assert.equal(made.body.error?.code, 'TIMES_INVALID', JSON.stringify(body))
      assert.match(made.body.error.message, problem)
      assert.equal(made.body.error.details.rule in timesRules, true, 'clients translate by it')
    }
    for (const body of [{ durationMinutes: -5 }, { durationMinutes: 1e9 }, { startsAt: 'soon' }, { rules: { freezeMinutes: -1 } }, { unknown: 1 }])
      assert.equal((await create(body)).status, 400, JSON.stringify(body))
  })

  it("takes the teacher's own and public problems, each once", async () => {
    const mine = await makeProblem(arena(), choice)
    const foreign = await makeProblem(arena(), choice, arena().people.other.token)
    const open = await makeProblem(arena(), { ...choice, public: true }, arena().people.other.token)
    assert.equal((await create({ problems: [{ problemId: foreign }] })).body.error.code, 'PROBLEM_NOT_FOUND')
    assert.equal((await create({ problems: [{ problemId: foreign }] }, 'admin')).status, 201)
    assert.equal((await create({ problems: [{ problemId: mine }, { problemId: open }] })).status, 201)
    assert.equal((await create({ problems: [{ problemId: mine }, { problemId: mine }] })).body.error.code, 'PROBLEM_TWICE')
    const sameLabel = {
      problems: [
        { problemId: mine, label: 'x' },
        { problemId: open, label: 'X' },
      ],
    }
    assert.equal((await create(sameLabel)).body.error.code, 'PROBLEM_TWICE')
    assert.equal((await arena().call('POST /api/contests', { body: windowContest }, as('student'))).body.error.code, 'FORBIDDEN')
  })

  it('shows problems to staff always, to participants from the start, to everybody after the end', async () => {
    const id = await makeContest(arena(), { problems: [{ problemId: await makeProblem(arena(), numeric) }] })
    await join(id, 'student')
    const seers = async () => {
      const seen: string[] = []
      for (const who of ['teacher', 'admin', 'other', 'student', 'pupil', 'nobody'] as const) if ((await get(id, who)).body.contest.problems) seen.push(who)
      return seen.join(' ')
    }
    assert.equal(await seers(), 'teacher admin')
    setTime(at(1))
    assert.equal(await seers(), 'teacher admin student')
    setTime(at(3))
    assert.equal(await seers(), 'teacher admin other student pupil')
  })

  it('says the phase, one own clock and who may edit', async () => {
    const id = await makeContest(arena(), { rules: { freezeMinutes: 60 } })
    const phases: string[] = []
    for (const hours of [0, 1, 2, 3]) {
      setTime(at(hours))
      const { contest, serverNow } = (await get(id, 'nobody')).body
      assert.equal(serverNow, at(hours))
      phases.push(contest.phase)
      const listed = await arena().call('GET /api/contests', { query: { phase: contest.phase } })
      assert.ok(
        listed.body.contests.some((each: { id: string; phase: string }) => each.id === id && each.phase === contest.phase),
        'the list by phase agrees with the phase',
      )
    }
    assert.deepEqual(phases, ['scheduled', 'running', 'frozen', 'ended'])
    assert.deepEqual([(await get(id, 'teacher')).body.contest.mayEdit, (await get(id, 'other')).body.contest.mayEdit], [true, false])
    assert.equal((await get('00000000-0000-4000-8000-000000000000', 'nobody')).body.error.code, 'CONTEST_NOT_FOUND')
  })

  it('lets a user join once, until the end', async () => {
    const id = await makeContest(arena(), {})
    for (let times = 0; times < 3; times++) assert.equal((await join(id, 'student')).body.contest.registered, true)
    setTime(at(3))
    assert.equal((await join(id, 'student')).status, 200, 'joined before')
    assert.equal((await join(id, 'pupil')).body.error.code, 'CONTEST_NOT_OPEN')
    assert.equal((await get(id, 'student')).body.contest.participantCount, 1)
    const told = await eventuallyTold(
      () =>
        arena()
          .told(registrationChanged)
          .filter(({ contestId }) => contestId === id),
      1,
    )
    assert.deepEqual(told, [{ contestId: id, userId: arena().people.student.userId, startedAt: at(1), endsAt: null }])
    assert.equal((await join('00000000-0000-4000-8000-000000000000', 'pupil')).body.error.code, 'CONTEST_NOT_FOUND')
  })

  it('lets a user join once who asks many times at once', async () => {
    const id = await makeContest(arena(), {})
    const answers = await Promise.all(Array.from({ length: 8 }, () => join(id, 'pupil')))
    assert.ok(answers.every(({ status, body }) => status === 200 && body.contest.registered))
    await join(id, 'student')
    const told = await eventuallyTold(
      () =>
        arena()
          .told(registrationChanged)
          .filter(({ contestId }) => contestId === id),
      2,
    )
    assert.deepEqual(new Set(told.map(({ userId }) => userId)), new Set([arena().people.pupil.userId, arena().people.student.userId]))
  })

  it('starts a personal clock on joining, inside the window and never beyond it', async () => {
    const id = await makeContest(arena(), { timing: 'personal', durationMinutes: 90, problems: [{ problemId: await makeProblem(arena(), numeric) }] })
    assert.equal((await join(id, 'student')).body.error.code, 'CONTEST_NOT_OPEN')
    setTime(at(1))
    assert.equal((await get(id, 'student')).body.contest.myPhase, 'scheduled')
    const joined = (await join(id, 'student')).body.contest
    assert.deepEqual([joined.myPhase, joined.myEndsAt, joined.problems.length], ['running', at(2.5), 1])
    setTime(at(2))
    assert.equal((await join(id, 'pupil')).body.contest.myEndsAt, at(3))
    setTime(at(2.5))
    const over = (await get(id, 'student')).body.contest
    assert.deepEqual([over.phase, over.myPhase, over.problems.length], ['running', 'ended', 1])
    const longer = await patch(id, { durationMinutes: 120, endsAt: at(4) })
    assert.equal(longer.status, 200, longer.text)
    assert.equal((await get(id, 'student')).body.contest.myEndsAt, at(3))
    assert.equal((await get(id, 'pupil')).body.contest.myEndsAt, at(4))
    const told = await eventuallyTold(
      () =>
        arena()
          .told(registrationChanged)
          .filter(({ contestId }) => contestId === id),
      4,
    )
    assert.deepEqual(told.map(({ endsAt }) => endsAt).sort(), [at(2.5), at(3), at(3), at(4)])
  })

  it('has untimed contests run for ever, and shows them to who joined', async () => {
    const made = await arena().call(
      'POST /api/contests',
      { body: { title: 'Ever', subject: 'physics', format: 'points', timing: 'untimed', problems: [{ problemId: await makeProblem(arena(), choice) }] } },
      as('teacher'),
    )
    const { id } = made.body.contest
    assert.equal((await get(id, 'student')).body.contest.problems, undefined)
    const joined = (await join(id, 'student')).body.contest
    assert.deepEqual([joined.phase, joined.myPhase, joined.myEndsAt, joined.problems.length], ['running', 'running', undefined, 1])
  })

  it('closes format, timing, start, feedback and the leaving of problems once it has started', async () => {
    const [a, b] = [await makeProblem(arena(), choice), await makeProblem(arena(), numeric)]
    const id = await makeContest(arena(), { problems: [{ problemId: a }, { problemId: b }] })
    setTime(at(1))
    const closed: [object, string][] = [
      [{ format: 'points' }, 'format'],
      [{ timing: 'untimed' }, 'timing'],
      [{ startsAt: at(2) }, 'startsAt'],
      [{ endsAt: at(2) }, 'endsAt'],
      [{ rules: { feedback: 'after-end' } }, 'rules.feedback'],
      [{ problems: [{ problemId: a }] }, 'problems'],
    ]
    for (const [body, field] of closed) {
      const refused = await patch(id, body)
      assert.deepEqual([refused.status, refused.body.error.code, refused.body.error.details.field], [409, 'CONTEST_HAS_STARTED', field])
    }
    const changed = await patch(id, {
      title: 'Friday, longer',
      endsAt: at(4),
      problems: [
        { problemId: b, points: 50 },
        { problemId: a, maxAttempts: 2 },
      ],
    })
    assert.equal(changed.status, 200, changed.text)
    const places = changed.body.contest.problems.map((p: Record<string, unknown>) => [p.label, p.points, p.maxAttempts])
    assert.deepEqual(places, [
      ['B', 50, 3],
      ['A', 100, 2],
    ])
    await eventuallyTold(() => snapshots(id), 2)
    assert.deepEqual([snapshots(id).at(-1)?.revision, snapshots(id).at(-1)?.endsAt], [2, at(4)])
    setTime(at(5))
    assert.equal((await patch(id, { endsAt: at(6) })).body.error.details.field, 'endsAt')
  })

  it('may be changed by its owner and admins alone', async () => {
    const id = await makeContest(arena(), {})
    assert.equal((await patch(id, { title: 'x' }, 'other')).body.error.code, 'FORBIDDEN')
    assert.equal((await patch(id, { title: 'x' }, 'admin')).status, 200)
    assert.equal((await arena().call('DELETE /api/contests/:id', { params: { id } }, as('other'))).body.error.code, 'FORBIDDEN')
    for (const [method, body] of [
      ['PATCH', { title: 'x' }],
      ['DELETE', undefined],
    ] as const) {
      const missing = await arena().call(`${method} /api/contests/:id`, { params: { id: '00000000-0000-4000-8000-000000000000' }, body }, as('teacher'))
      assert.equal(missing.body.error.code, 'CONTEST_NOT_FOUND')
    }
    assert.equal((await patch(id, { startsAt: at(9) })).body.error.code, 'TIMES_INVALID')
    assert.equal((await patch(id, { problems: [{ problemId: id }] })).body.error.code, 'PROBLEM_NOT_FOUND')
    const twice = await makeProblem(arena(), choice)
    assert.equal((await patch(id, { problems: [{ problemId: twice }, { problemId: twice }] })).body.error.code, 'PROBLEM_TWICE')
  })

  it("moves participants' clocks with the start, and keeps the timing once somebody has joined", async () => {
    const id = await makeContest(arena(), {})
    await join(id, 'student')
    assert.equal((await patch(id, { startsAt: at(2) })).status, 200)
    const told = await eventuallyTold(
      () =>
        arena()
          .told(registrationChanged)
          .filter(({ contestId }) => contestId === id),
      2,
    )
    assert.deepEqual(
      told.map(({ startedAt }) => startedAt),
      [at(1), at(2)],
    )
    assert.equal((await patch(id, { timing: 'personal', durationMinutes: 30 })).body.error.details.field, 'timing')
  })

  it('tells its contests when a problem gets another version or title', async () => {
    const problemId = await makeProblem(arena(), numeric)
    const id = await makeContest(arena(), { problems: [{ problemId }] })
    const change = (body: object) => arena().call('PATCH /api/problems/:id', { params: { id: problemId }, body }, as('teacher'))
    await change({ statement: 'How large, about?' })
    await change({ answer: '9.8' })
    await change({ title: 'Free fall' })
    const told = (await eventuallyTold(() => snapshots(id), 3)).map(({ revision, problems }) => [revision, problems[0]?.version, problems[0]?.title])
    assert.deepEqual(told, [
      [1, 1, 'Gravity'],
      [2, 2, 'Gravity'],
      [3, 2, 'Free fall'],
    ])
  })

  it('keeps its version of a problem once it has begun, until its staff switch it', async () => {
    const problemId = await makeProblem(arena(), numeric)
    const id = await makeContest(arena(), { timing: 'untimed', startsAt: undefined, endsAt: undefined, problems: [{ problemId }] })
    await join(id, 'student')
    const change = (body: object) => arena().call('PATCH /api/problems/:id', { params: { id: problemId }, body }, as('teacher'))
    await change({ answer: '9.8' })
    await change({ answer: '9.81' })
    const shown = async (who: Who) => {
      const [entry] = (await get(id, who)).body.contest.problems
      return [entry.version, entry.newestVersion]
    }
    assert.deepEqual(
      [await shown('teacher'), await shown('student')],
      [
        [1, 3],
        [undefined, undefined],
      ],
    )
    assert.equal(snapshots(id).length, 1, 'nothing of it has changed')
    const turn = (version: number, who: Who = 'teacher') =>
      arena().call('POST /api/contests/:id/problems/:problemId/version', { params: { id, problemId }, body: { version } }, as(who))
    assert.equal((await turn(4)).body.error.code, 'VERSION_NOT_FOUND')
    assert.equal((await turn(3, 'other')).status, 403)
    assert.equal((await turn(3)).body.contest.problems[0].version, 3)
    assert.equal((await turn(3)).status, 200)
    await patch(id, { title: 'Renamed', problems: [{ problemId, points: 7 }] })
    await change({ answer: '10' })
    assert.deepEqual(await shown('teacher'), [3, 4], 'a change of the contest keeps it too')
    const told = await eventuallyTold(() => snapshots(id), 3)
    assert.deepEqual(
      told.map(({ problems }) => problems[0]?.version),
      [1, 3, 3],
    )
  })

  it('deletes a contest without submissions and archives one with them', async () => {
    const [empty, used] = [await makeContest(arena(), {}), await makeContest(arena(), {})]
    const problemId = await makeProblem(arena(), choice)
    const accepted = { submissionId: problemId, userId: arena().people.student.userId, contestId: used, problemId, submittedAt: at(1) }
    await arena().publish(submissionAccepted, accepted)
    const remove = (id: string) => arena().call('DELETE /api/contests/:id', { params: { id } }, as('teacher'))
    assert.deepEqual((await remove(empty)).body, { removed: 'deleted' })
    assert.equal((await get(empty, 'teacher')).body.error.code, 'CONTEST_NOT_FOUND')
    await eventuallyTold(() => snapshots(empty), 2)
    assert.deepEqual([snapshots(empty).at(-1)?.deleted, snapshots(empty).at(-1)?.revision], [true, 2])
    assert.deepEqual((await remove(used)).body, { removed: 'archived' })
    assert.deepEqual((await remove(used)).body, { removed: 'archived' })
    await eventuallyTold(() => snapshots(used), 2)
    assert.deepEqual([snapshots(used).at(-1)?.archived, snapshots(used).at(-1)?.revision], [true, 2])
    const isListed = async (who: Who | 'nobody') =>
      (await arena().call('GET /api/contests', {}, as(who))).body.contests.some((contest: { id: string }) => contest.id === used)
    assert.deepEqual([await isListed('teacher'), await isListed('admin'), await isListed('other'), await isListed('nobody')], [true, true, false, false])
    assert.equal((await join(used, 'student')).body.error.code, 'CONTEST_NOT_OPEN')
  })

  it('copies a contest a week on, without participants', async () => {
    const [mine, open] = [await makeProblem(arena(), choice), await makeProblem(arena(), { ...numeric, public: true })]
    const id = await makeContest(arena(), { problems: [{ problemId: mine, label: 'Q' }, { problemId: open }] })
    await join(id, 'student')
    const copy = (who: Who) => arena().call('POST /api/contests/:id/copy', { params: { id } }, as(who))
    assert.equal((await copy('other')).body.error.code, 'FORBIDDEN', 'before its end its problems are not theirs to see')
    const own = (await copy('teacher')).body.contest
    assert.deepEqual([own.startsAt, own.participantCount, own.registered], [at(1 + 7 * 24), 0, false])
    assert.deepEqual(
      own.problems.map((p: { label: string }) => p.label),
      ['Q', 'A'],
    )
    setTime(at(8 * 24))
    const theirs = await copy('other')
    assert.equal(theirs.status, 201, theirs.text)
    assert.deepEqual([theirs.body.contest.ownerId, theirs.body.contest.startsAt], [arena().people.other.userId, at(1 + 14 * 24)])
    assert.deepEqual(
      theirs.body.contest.problems.map((p: { problemId: string }) => p.problemId),
      [open],
    )
    const missing = await arena().call('POST /api/contests/:id/copy', { params: { id: mine } }, as('teacher'))
    assert.equal(missing.body.error.code, 'CONTEST_NOT_FOUND')
  })

  it('lists newest start first, page by page, by subject and as mine', async () => {
    const ids: string[] = []
    for (const hours of [100, 101, 102])
      ids.unshift(await makeContest(arena(), { subject: 'mathematics', startsAt: at(hours), endsAt: at(hours + 1) }, arena().people.other.token))
    const list = async (query: object, who: Who | 'nobody' = 'nobody') => (await arena().call('GET /api/contests', { query }, as(who))).body
    const idsOf = (body: { contests: { id: string }[] }) => body.contests.map(({ id }) => id)
    const page = await list({ subject: 'mathematics', limit: 2 })
    assert.deepEqual(idsOf(page), ids.slice(0, 2))
    assert.deepEqual(idsOf(await list({ subject: 'mathematics', before: page.next })), ids.slice(2))
    await join(ids[1] as string, 'pupil')
    assert.ok(idsOf(await list({ mine: true }, 'pupil')).includes(ids[1] as string))
    assert.ok(!idsOf(await list({ mine: true }, 'pupil')).includes(ids[0] as string))
    assert.deepEqual(idsOf(await list({ mine: true, subject: 'mathematics' }, 'other')), ids)
    assert.deepEqual(idsOf(await list({ mine: true })), [])
  })
})
