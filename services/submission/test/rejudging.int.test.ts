import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { contestPublished, contestUpdated, problemUpdated, registrationChanged } from '#contracts/contest'
import { evaluationFinished } from '#contracts/evaluation'
import { rejudgingApplied } from '#contracts/rejudging'
import { type EvaluationJob, laneTopic, submissionJudged } from '#contracts/submission'
import { fail, ok } from '#kernel/result'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { submissionService } from '../src/service.ts'

const startsAt = '2026-03-01T08:00:00.000Z'
const endsAt = '2026-03-01T18:00:00.000Z'

describe('rejudging', () => {
  let arena: ServiceHarness
  const clock = fakeClock(startsAt)
  const teacher = v7()
  const previewed: unknown[] = []
  let revision = 0

  before(async () => {
    const peers = {
      call: async (key: string, input: unknown) => {
        if (key !== 'POST /internal/board-preview/:contestId') return fail({ code: 'UNAVAILABLE' as const })
        previewed.push(input)
        return ok({ rows: [], moved: 0 })
      },
      stream: async () => fail({ code: 'UNAVAILABLE' as const }),
      close: async () => undefined,
    }
    arena = await startService(submissionService, { clock, peers: peers as never })
  })
  after(() => arena.stop())

  const tokenOf = async (role: 'student' | 'teacher' | 'admin', userId = v7()) =>
    (await arena.tokenFor({ role, userId, issuedAt: new Date(clock.now()) })).token
  const aProblem = async () => {
    const problemId = v7()
    const rest = { languages: null, sourceBytes: 65_536, optionIds: null, multiple: false, public: true, deleted: false }
    await arena.publish(problemUpdated, { problemId, revision: ++revision, version: 1, ownerId: teacher, title: 'P', kind: 'program', ...rest })
    return problemId
  }
  const contestOf = (contestId: string, problemId: string, version: number) => ({
    contestId,
    revision: ++revision,
    title: 'C',
    subject: 'mixed' as const,
    format: 'icpc' as const,
    timing: 'window' as const,
    startsAt,
    endsAt,
    durationMinutes: null,
    freezeAt: null,
    penaltyMinutes: 20,
    feedback: 'now' as const,
    ownerId: teacher,
    archived: false,
    deleted: false,
    problems: [{ problemId, version, label: 'A', title: 'P', kind: 'program' as const, points: 100, maxAttempts: null }],
  })
  const judged = (submissionId: string, verdict: 'AC' | 'WA', attempt = 1) =>
    arena.publish(evaluationFinished, {
      submissionId,
      attempt,
      outcome: {
        type: 'judged',
        verdict,
        score: verdict === 'AC' ? 100 : 0,
        cpuMs: 1,
        wallMs: 1,
        memoryBytes: 1,
        compileLog: null,
        tests: [],
        provenance: { problemVersion: attempt, dataDigest: '0'.repeat(64), toolchain: 't', checker: 'c', sandbox: 's' },
        stages: { fetchMs: 1, compileMs: 1, runMs: 1, checkMs: 1 },
      },
    })
  const aContest = async (count: number, verdict: 'AC' | 'WA' = 'WA') => {
    const contestId = v7()
    const problemId = await aProblem()
    await arena.publish(contestPublished, contestOf(contestId, problemId, 1))
    const submitted: { id: string; userId: string }[] = []
    for (let n = 0; n < count; n++) {
      const userId = v7()
      await arena.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt })
      const body = { contestId, problemId, language: n % 2 ? 'cpp' : 'python', source: `print(${n})` }
      const { id } = (await arena.call('POST /api/submit', { body }, { token: await tokenOf('student', userId) })).body
      await judged(id, verdict)
      submitted.push({ id, userId })
    }
    return { contestId, problemId, submitted }
  }
  const make = async (filter: object, more: object = {}, token?: string) =>
    arena.call('POST /api/rejudgings', { body: { filter, reason: 'a test was wrong', ...more } }, { token: token ?? (await tokenOf('teacher', teacher)) })
  const at = async (key: 'apply' | 'discard', id: string) =>
    arena.call(`POST /api/rejudgings/:id/${key}`, { params: { id }, body: {} }, { token: await tokenOf('teacher', teacher) })
  const look = async (id: string) =>
    (await arena.call('GET /api/rejudgings/:id', { params: { id } }, { token: await tokenOf('teacher', teacher) })).body.rejudging
  const jobs = (id: string) =>
    arena.bus.published
      .filter(({ topic }) => topic === laneTopic('rejudge'))
      .map(({ payload }) => payload as EvaluationJob)
      .filter(({ submissionId }) => submissionId === id)
  const read = async (id: string) =>
    (await arena.call('GET /api/submissions/:id', { params: { id } }, { token: await tokenOf('teacher', teacher) })).body.submission
  const told = (id: string) => arena.told(rejudgingApplied).filter(({ rejudgingId }) => rejudgingId === id)

  it('judges aside: until it is applied nothing changes, then all of it counts, and each change is told in one message', async () => {
    const { contestId, problemId, submitted } = await aContest(4)
    await arena.publish(contestUpdated, contestOf(contestId, problemId, 2))
    const made = await make({ contestId })
    assert.equal(made.status, 201, made.text)
    const { id } = made.body.rejudging
    await arena.bus.settled()
    assert.deepEqual([made.body.rejudging.total, made.body.rejudging.state], [4, 'judging'])
    assert.deepEqual(
      submitted.flatMap((each) => jobs(each.id).map((job) => [job.attempt, job.problemVersion, job.lane])),
      submitted.map(() => [2, 2, 'rejudge']),
    )
    const [first, second, third, fourth] = submitted.map((each) => each.id) as [string, string, string, string]
    await judged(first, 'AC', 2)
    await judged(second, 'WA', 2)
    await judged(third, 'AC', 2)
    assert.deepEqual((await at('apply', id)).body.error.code, 'REJUDGING_NOT_READY')
    assert.equal((await read(first)).verdict, 'WA')
    const factsBefore = arena.told(submissionJudged).length
    await judged(fourth, 'AC', 2)
    assert.equal(arena.told(submissionJudged).length, factsBefore, 'a judging aside is told to nobody')
    await eventually(async () => assert.equal((await look(id)).state, 'ready'))
    assert.deepEqual([(await look(id)).judged, (await look(id)).changed], [4, 3])
    const applied = await at('apply', id)
    assert.equal(applied.body.rejudging.state, 'applied')
    assert.deepEqual([(await read(first)).verdict, (await read(first)).attempt, (await read(second)).attempt], ['AC', 2, 2])
    await arena.bus.settled()
    const messages = told(id)
    assert.equal(messages.length, 1)
    assert.deepEqual(
      messages[0]?.verdicts.map((fact) => [fact.submissionId, fact.verdict, fact.attempt, fact.label]).sort(),
      [first, third, fourth].map((each) => [each, 'AC', 2, 'A']).sort(),
    )
    assert.equal((await at('apply', id)).body.rejudging.state, 'applied', 'twice is once')
    await arena.bus.settled()
    assert.equal(told(id).length, 1)
    assert.equal((await at('discard', id)).body.error.code, 'REJUDGING_APPLIED')
  })

  it('keeps every judging readable to staff, with what it was judged by', async () => {
    const { contestId, submitted } = await aContest(1)
    const id = submitted[0]?.id ?? ''
    const { id: set } = (await make({ contestId })).body.rejudging
    await judged(id, 'AC', 2)
    await eventually(async () => assert.equal((await at('apply', set)).status, 200))
    const judgements = async (token: string) => arena.call('GET /api/submissions/:id/judgements', { params: { id } }, { token })
    const seen = (await judgements(await tokenOf('teacher', teacher))).body.judgements
    assert.deepEqual(
      seen.map((each: { attempt: number; counts: boolean; verdict: string; rejudgingId?: string; provenance: { problemVersion: number } }) => [
        each.attempt,
        each.counts,
        each.verdict,
        each.rejudgingId,
        each.provenance.problemVersion,
      ]),
      [
        [2, true, 'AC', set, 2],
        [1, false, 'WA', undefined, 1],
      ],
    )
    assert.equal((await judgements(await tokenOf('student', submitted[0]?.userId))).status, 403)
    assert.equal((await judgements(await tokenOf('teacher'))).status, 404)
  })

  it('discarded, nothing of it ever counts, outcomes that come later included', async () => {
    const { contestId, submitted } = await aContest(2)
    const id = submitted[0]?.id ?? ''
    const { id: set } = (await make({ contestId })).body.rejudging
    assert.equal((await at('discard', set)).body.rejudging.state, 'discarded')
    await judged(id, 'AC', 2)
    assert.equal((await read(id)).verdict, 'WA')
    assert.equal((await at('apply', set)).body.error.code, 'REJUDGING_DISCARDED')
    const again = (await make({ contestId })).body.rejudging
    await arena.bus.settled()
    assert.deepEqual(
      jobs(id).map(({ attempt }) => attempt),
      [2, 3],
      'an attempt is never given out twice',
    )
    await judged(id, 'AC', 2)
    assert.equal((await look(again.id)).judged, 0)
  })

  it('hands out a few at a time, and every outcome brings the next', async () => {
    const { contestId, submitted } = await aContest(20)
    const { id: set } = (await make({ contestId })).body.rejudging
    await arena.bus.settled()
    const out = () => submitted.flatMap(({ id }) => jobs(id)).length
    assert.equal(out(), 16)
    await judged(submitted[0]?.id ?? '', 'WA', 2)
    await arena.bus.settled()
    assert.equal(out(), 17)
    for (const { id } of submitted) await judged(id, 'WA', 2)
    await eventually(async () => assert.equal((await look(set)).state, 'ready'))
    assert.deepEqual([out(), (await look(set)).changed], [20, 0])
  })

  it('makes a large set though the planner has only counted the rows of older ones', async () => {
    const { contestId, problemId, submitted } = await aContest(1)
    const copies = `insert into submissions (id, user_id, contest_id, problem_id, problem_version, kind, label, language, source, lane, stop_at_first_failure, submitted_at, status)
      select gen_random_uuid(), user_id, contest_id, problem_id, problem_version, kind, label, language, source, lane, stop_at_first_failure, submitted_at, status
      from submissions, generate_series(2, 20000) where id = $1`
    await arena.db.query(copies, [submitted[0]?.id])
    for (let nth = 0; nth < 2; nth++) {
      const made = await make({ contestId })
      assert.deepEqual([made.status, made.body.rejudging?.total], [201, 20_000])
      await at('discard', made.body.rejudging.id)
      await arena.db.query('analyze')
    }
    await arena.db.query('delete from rejudging_members where submission_id in (select id from submissions where problem_id = $1)', [problemId])
    await arena.db.query('delete from submissions where problem_id = $1 and id <> $2', [problemId, submitted[0]?.id])
  })

  it('leaves what it cannot judge as it was, and takes a late verdict instead of a fault', async () => {
    const { contestId, submitted } = await aContest(2)
    const [one, two] = submitted.map(({ id }) => id) as [string, string]
    const { id: set } = (await make({ contestId })).body.rejudging
    const faulty = (submissionId: string) =>
      arena.publish(evaluationFinished, { submissionId, attempt: 2, outcome: { type: 'fault', whose: 'ours', reason: 'disk full' } })
    await faulty(one)
    await faulty(two)
    await eventually(async () => assert.deepEqual([(await look(set)).state, (await look(set)).faults], ['ready', 2]))
    await judged(two, 'AC', 2)
    await at('apply', set)
    assert.deepEqual([(await read(one)).verdict, (await read(two)).verdict], ['WA', 'AC'])
  })

  it('takes what all criteria name, judged by the version asked for', async () => {
    const { contestId, problemId, submitted } = await aContest(4)
    await judged(submitted[3]?.id ?? '', 'AC')
    await arena.publish(contestUpdated, contestOf(contestId, problemId, 2))
    const count = async (filter: object, more: object = {}) => {
      const made = await make({ contestId, ...filter }, more)
      if (made.status !== 201) return made.body.error.code
      await at('discard', made.body.rejudging.id)
      return made.body.rejudging.total
    }
    assert.equal(await count({ languages: ['cpp'] }), 2)
    assert.equal(await count({ userId: submitted[0]?.userId }), 1)
    assert.equal(await count({ submissionIds: [submitted[1]?.id, submitted[2]?.id] }), 2)
    assert.equal(await count({ verdicts: ['AC'] }), 'REJUDGING_EMPTY')
    assert.equal(await count({ verdicts: ['fault'] }), 'REJUDGING_EMPTY')
    assert.equal(await count({ from: endsAt }), 'REJUDGING_EMPTY')
    assert.equal(await count({ from: startsAt, to: endsAt }), 4)
    await count({ submissionIds: [submitted[0]?.id] }, { version: 'same' })
    await arena.bus.settled()
    assert.deepEqual(jobs(submitted[0]?.id ?? '').at(-1)?.problemVersion, 1)
  })

  it('is for the staff it concerns: others find nothing, and no submission is in two sets', async () => {
    const { contestId, problemId } = await aContest(1)
    const stranger = await tokenOf('teacher')
    assert.equal((await make({ contestId }, {}, stranger)).body.error.code, 'CONTEST_NOT_FOUND')
    assert.equal((await make({ problemId }, {}, stranger)).body.error.code, 'PROBLEM_NOT_FOUND')
    assert.equal((await make({}, {}, stranger)).status, 403)
    assert.equal((await make({ contestId }, {}, await tokenOf('student'))).status, 403)
    assert.equal((await make({ problemId })).body.error.code, 'REJUDGING_EMPTY', 'of one’s own problem what was practised, not contests')
    const { id } = (await make({ contestId })).body.rejudging
    assert.equal((await make({ contestId })).body.error.code, 'REJUDGING_UNDER_WAY')
    for (const key of ['GET /api/rejudgings/:id', 'GET /api/rejudgings/:id/changes'] as const)
      assert.equal((await arena.call(key, { params: { id } }, { token: stranger })).status, 404)
    assert.equal((await arena.call('POST /api/rejudgings/:id/apply', { params: { id }, body: {} }, { token: stranger })).status, 404)
    assert.deepEqual((await arena.call('GET /api/rejudgings', {}, { token: stranger })).body.rejudgings, [])
    const own = await arena.call('GET /api/rejudgings', { query: { contestId } }, { token: await tokenOf('teacher', teacher) })
    assert.deepEqual(
      own.body.rejudgings.map((each: { id: string }) => each.id),
      [id],
    )
    await at('discard', id)
  })

  it('asks the board what would move, of changed verdicts alone', async () => {
    const { contestId, submitted } = await aContest(2)
    const { id } = (await make({ contestId })).body.rejudging
    await judged(submitted[0]?.id ?? '', 'AC', 2)
    await judged(submitted[1]?.id ?? '', 'WA', 2)
    const token = await tokenOf('teacher', teacher)
    const answer = await arena.call('GET /api/rejudgings/:id/board', { params: { id }, query: { contestId } }, { token })
    assert.equal(answer.status, 200, answer.text)
    const input = previewed.at(-1) as { params: { contestId: string }; body: { verdicts: { submissionId: string; verdict: string }[] } }
    assert.equal(input.params.contestId, contestId)
    assert.deepEqual(
      input.body.verdicts.map((fact) => [fact.submissionId, fact.verdict]),
      [[submitted[0]?.id, 'AC']],
    )
    const changes = (await arena.call('GET /api/rejudgings/:id/changes', { params: { id } }, { token })).body.submissions
    assert.deepEqual(
      changes.map((each: { before: object; after: object }) => [each.before, each.after]),
      [
        [
          { verdict: 'WA', score: 0 },
          { verdict: 'AC', score: 100 },
        ],
      ],
    )
    await at('discard', id)
  })
})
