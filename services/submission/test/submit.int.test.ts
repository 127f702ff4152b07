import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { contestPublished, problemUpdated, registrationChanged } from '#contracts/contest'
import { evaluationFinished, evaluationStatus } from '#contracts/evaluation'
import { laneTopic, submissionFaulted, submissionJudged } from '#contracts/submission'
import { instant } from '#kernel/time'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { submissionService } from '../src/service.ts'

const startsAt = '2026-03-01T08:00:00.000Z'
const endsAt = '2026-03-01T10:00:00.000Z'

describe('submission service', () => {
  let arena: ServiceHarness
  const clock = fakeClock(startsAt)
  const teacher = v7()
  let revision = 0

  before(async () => {
    arena = await startService(submissionService, { clock })
  })
  after(() => arena.stop())

  const aProblem = async (kind: 'program' | 'choice' | 'numeric', more: object = {}) => {
    const problemId = v7()
    await arena.publish(problemUpdated, {
      problemId,
      revision: ++revision,
      version: 1,
      ownerId: teacher,
      title: 'P',
      kind,
      public: true,
      deleted: false,
      languages: null,
      sourceBytes: 65_536,
      optionIds: kind === 'choice' ? ['a', 'b'] : null,
      multiple: false,
      ...more,
    })
    return problemId
  }
  const aContest = async (problemIds: string[], more: object = {}) => {
    const contestId = v7()
    const problems = problemIds.map((problemId, at) => ({
      problemId,
      version: 1,
      label: 'ABCDEF'[at] ?? 'Z',
      title: 'P',
      kind: 'program' as const,
      points: 100,
      maxAttempts: null,
    }))
    await arena.publish(contestPublished, {
      contestId,
      revision: ++revision,
      title: 'C',
      subject: 'mixed',
      format: 'icpc',
      timing: 'window',
      startsAt,
      endsAt,
      durationMinutes: null,
      freezeAt: null,
      penaltyMinutes: 20,
      feedback: 'now',
      ownerId: teacher,
      archived: false,
      deleted: false,
      problems,
      ...more,
    })
    return contestId
  }
  const join = async (contestId: string, userId: string) => arena.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt })
  const aUser = (role: 'student' | 'teacher' | 'admin' = 'student', userId = v7()) => arena.tokenFor({ role, userId, issuedAt: new Date(clock.now()) })
  const program = (problemId: string, more: object = {}) => ({ problemId, language: 'python', source: 'print(1)', ...more })
  const submit = (token: string, body: unknown, key?: string) =>
    arena.call('POST /api/submit', { body, headers: key ? { 'idempotency-key': key } : {} }, { token })
  const judged = (submissionId: string, more: object = {}, attempt = 1) =>
    arena.publish(evaluationFinished, {
      submissionId,
      attempt,
      outcome: {
        type: 'judged',
        verdict: 'WA',
        score: 0,
        cpuMs: 31,
        wallMs: 40,
        memoryBytes: 9_000_000,
        compileLog: null,
        tests: [
          { index: 1, sample: true, verdict: 'AC', cpuMs: 11, memoryBytes: 5_000_000 },
          { index: 2, sample: false, verdict: 'WA', cpuMs: 31, memoryBytes: 9_000_000, detail: 'token 3 differs' },
        ],
        provenance: { problemVersion: 1, dataDigest: '0'.repeat(64), toolchain: 't', checker: 'c', sandbox: 's' },
        stages: { fetchMs: 1, compileMs: 1, runMs: 1, checkMs: 1 },
        ...more,
      } as never,
    })
  const read = async (token: string, id: string) => (await arena.call('GET /api/submissions/:id', { params: { id } }, { token })).body.submission

  it('accepting never reads the whole table of submissions, however small that was when its plans were made', async () => {
    const problemId = await aProblem('program')
    const { token } = await aUser()
    assert.equal((await submit(token, program(problemId))).status, 202)
    await arena.db.query('analyze submissions') // now the planner knows that it is smaller than any index
    const scans = async () => {
      const { rows } = await arena.db.query<{ whole: string; indexed: string }>(
        `select seq_scan as whole, idx_scan as indexed from pg_stat_user_tables where schemaname = 'submission' and relname = 'submissions'`,
      )
      return { whole: Number(rows[0]?.whole), indexed: Number(rows[0]?.indexed) }
    }
    const before = await scans()
    // counts are told by a connection that has a while nothing to do, those of one table all at once
    await eventually(async () => {
      await submit((await aUser()).token, program(problemId))
      assert.ok((await scans()).indexed > before.indexed + 3)
    }, 20_000)
    assert.equal((await scans()).whole, before.whole)
  })

  it('stores the row and its work together, then answers 202', async () => {
    const problemId = await aProblem('program')
    const { token, userId } = await aUser()
    const answer = await submit(token, program(problemId))
    assert.equal(answer.status, 202, answer.text)
    assert.equal(answer.body.status, 'queued')
    await arena.bus.settled()
    const job = arena.bus.published.find(
      (envelope) => envelope.topic === laneTopic('practice') && (envelope.payload as { submissionId: string }).submissionId === answer.body.id,
    )
    assert.ok(job)
    assert.equal((job.payload as { userId: string }).userId, userId)
    assert.equal((await read(token, answer.body.id)).status, 'queued')
  })

  it('gives the same id for the same Idempotency-Key, and refuses another body under it', async () => {
    const problemId = await aProblem('program')
    const { token } = await aUser()
    const all = await Promise.all([1, 2, 3].map(() => submit(token, program(problemId), 'k1')))
    assert.equal(new Set(all.map((each) => each.body.id)).size, 1)
    const later = await submit(token, { source: 'print(1)', language: 'python', problemId }, 'k1')
    assert.equal(later.body.id, all[0]?.body.id)
    const other = await submit(token, program(problemId, { source: 'print(2)' }), 'k1')
    assert.deepEqual([other.status, other.body.error.code], [409, 'IDEMPOTENCY_MISMATCH'])
    const { token: somebodyElse } = await aUser()
    assert.notEqual((await submit(somebodyElse, program(problemId), 'k1')).body.id, all[0]?.body.id)
  })

  it('keeps one effective verdict, whatever is repeated or overtaken', async () => {
    const problemId = await aProblem('program')
    const { token } = await aUser()
    const { id } = (await submit(token, program(problemId))).body
    await judged(id, { verdict: 'AC', score: 100 })
    await judged(id, { verdict: 'WA', score: 0 })
    await judged(id, { verdict: 'RE' }, 2)
    assert.equal((await read(token, id)).verdict, 'AC')
    assert.equal(arena.told(submissionJudged).filter((fact) => fact.submissionId === id).length, 1)
  })

  it('calls a fault of ours a state, takes no attempt for it, and lets a later judging mend it', async () => {
    const problemId = await aProblem('choice')
    const contestId = await aContest([problemId], { problems: [{ problemId, version: 1, label: 'A', title: 'P', kind: 'choice', points: 10, maxAttempts: 1 }] })
    const { token, userId } = await aUser()
    await join(contestId, userId)
    const answer = { contestId, problemId, answer: { choices: ['a'] } }
    const { id } = (await submit(token, answer)).body
    assert.equal((await submit(token, answer)).body.error.code, 'NO_ATTEMPTS_LEFT')
    await arena.publish(evaluationFinished, { submissionId: id, attempt: 1, outcome: { type: 'fault', whose: 'ours', reason: 'disk full' } })
    const seen = await read(token, id)
    assert.deepEqual([seen.status, seen.verdict], ['fault', undefined])
    assert.equal(JSON.stringify(seen).includes('disk full'), false)
    assert.equal(arena.told(submissionFaulted).length, 1)
    await judged(id, { verdict: 'AC', score: 100 })
    assert.equal((await read(token, id)).status, 'judged')
    assert.equal((await submit(token, answer)).body.error.code, 'NO_ATTEMPTS_LEFT')
  })

  it('shows a participant only the class of hidden tests while the contest runs, everything after it', async () => {
    const problemId = await aProblem('program')
    const contestId = await aContest([problemId])
    const { token, userId } = await aUser()
    await join(contestId, userId)
    const { id } = (await submit(token, program(problemId, { contestId }))).body
    await judged(id)
    const seen = await read(token, id)
    assert.deepEqual(seen.tests[1], { index: 2, sample: false, verdict: 'WA' })
    assert.deepEqual([seen.cpuMs, seen.memoryBytes], [11, 5_000_000])
    const { token: owner } = await aUser('teacher', teacher)
    assert.equal((await read(owner, id)).tests[1].detail, 'token 3 differs')
    const at = clock.now()
    clock.set(instant(Date.parse(endsAt) + 1))
    const { token: later } = await aUser('student', userId)
    assert.equal((await read(later, id)).tests[1].cpuMs, 31)
    clock.set(at)
  })

  it('says nothing before the end where feedback comes after it', async () => {
    const problemId = await aProblem('program')
    const contestId = await aContest([problemId], { feedback: 'after-end' })
    const { token, userId } = await aUser()
    await join(contestId, userId)
    const { id } = (await submit(token, program(problemId, { contestId }))).body
    const before = JSON.stringify(await read(token, id))
    await judged(id)
    assert.equal(JSON.stringify(await read(token, id)), before)
    assert.equal(JSON.parse(before).status, 'held')
    assert.equal(arena.told(submissionJudged).find((fact) => fact.submissionId === id)?.held, true)
  })

  it("does not show, nor admit to, another user's submission", async () => {
    const problemId = await aProblem('program')
    const { token } = await aUser()
    const { id } = (await submit(token, program(problemId))).body
    for (const role of ['student', 'teacher'] as const) {
      const other = await aUser(role)
      const answer = await arena.call('GET /api/submissions/:id', { params: { id } }, { token: other.token })
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'SUBMISSION_NOT_FOUND'])
      const list = await arena.call('GET /api/submissions', { query: { problemId } }, { token: other.token })
      assert.deepEqual(list.body.submissions, [])
    }
  })

  it('lists everybody only to the staff of the contest', async () => {
    const problemId = await aProblem('program')
    const contestId = await aContest([problemId])
    const { token, userId } = await aUser()
    await join(contestId, userId)
    await submit(token, program(problemId, { contestId }))
    const query = { contestId, everybody: true }
    const list = async (role: 'student' | 'teacher' | 'admin', id?: string) =>
      (await arena.call('GET /api/submissions', { query }, { token: (await aUser(role, id)).token })).body
    assert.equal((await list('student')).error.code, 'FORBIDDEN')
    assert.equal((await list('teacher')).error.code, 'FORBIDDEN')
    assert.equal((await list('teacher', teacher)).submissions.length, 1)
    assert.equal((await list('admin')).submissions.length, 1)
    const unknown = await arena.call('GET /api/submissions', { query: { contestId: v7(), everybody: true } }, { token: (await aUser('teacher')).token })
    assert.equal(unknown.body.error.code, 'CONTEST_NOT_FOUND')
  })

  it('refuses with the right code and stores nothing', async () => {
    const problemId = await aProblem('program', { languages: ['python'], sourceBytes: 100 })
    const choice = await aProblem('choice')
    const numeric = await aProblem('numeric')
    const hidden = await aProblem('program', { public: false })
    const contestId = await aContest([problemId])
    const later = await aContest([problemId], { startsAt: endsAt, endsAt: '2026-03-02T10:00:00.000Z' })
    const { token, userId } = await aUser()
    const { token: participant, userId: participantId } = await aUser()
    await join(contestId, participantId)
    const cases: [string, number, string, unknown][] = [
      [token, 404, 'PROBLEM_NOT_FOUND', program(v7())],
      [token, 404, 'PROBLEM_NOT_FOUND', program(hidden)],
      [token, 404, 'CONTEST_NOT_FOUND', program(problemId, { contestId: v7() })],
      [token, 403, 'NOT_REGISTERED', program(problemId, { contestId })],
      [token, 409, 'CONTEST_NOT_RUNNING', program(problemId, { contestId: later })],
      [participant, 404, 'PROBLEM_NOT_FOUND', program(hidden, { contestId })],
      [token, 422, 'LANGUAGE_UNKNOWN', program(problemId, { language: 'cpp' })],
      [token, 422, 'LANGUAGE_UNKNOWN', program(await aProblem('program'), { language: 'brainfuck' })],
      [token, 413, 'SOURCE_TOO_LARGE', program(problemId, { source: 'é'.repeat(51) })],
      [token, 422, 'ANSWER_KIND_MISMATCH', program(choice)],
      [token, 422, 'ANSWER_KIND_MISMATCH', { problemId, answer: { choices: ['a'] } }],
      [token, 422, 'ANSWER_KIND_MISMATCH', { problemId: choice, answer: { value: '3' } }],
      [token, 422, 'ANSWER_UNREADABLE', { problemId: choice, answer: { choices: ['z'] } }],
      [token, 422, 'ANSWER_UNREADABLE', { problemId: choice, answer: { choices: ['a', 'b'] } }],
      [token, 422, 'ANSWER_UNREADABLE', { problemId: numeric, answer: { value: 'about three' } }],
      [token, 400, 'VALIDATION_FAILED', program(problemId, { extra: 1 })],
      [token, 400, 'VALIDATION_FAILED', { problemId, source: 'x' }],
      [token, 400, 'VALIDATION_FAILED', program(problemId, { source: 7 })],
      [token, 400, 'VALIDATION_FAILED', program(problemId, { source: 'a\u0000b' })],
      [token, 413, 'BODY_TOO_LARGE', program(problemId, { source: 'x'.repeat(10_000_000) })],
      ['not.a.token', 401, 'UNAUTHENTICATED', program(problemId)],
    ]
    for (const [who, status, code, body] of cases) {
      const answer = await submit(who, body)
      assert.deepEqual([answer.status, answer.body.error.code], [status, code], `${code} ${answer.text}`)
      assert.equal(typeof answer.body.error.requestId, 'string')
    }
    const malformed = await arena.call('POST /api/submit', { headers: { 'content-type': 'application/json' } }, { token, payload: '{"problemId":' })
    assert.deepEqual([malformed.status, malformed.body.error.code], [400, 'MALFORMED_JSON'])
    const expired = await arena.tokenFor({ issuedAt: new Date(clock.now() - 3_600_000) })
    assert.equal((await submit(expired.token, program(problemId))).body.error.code, 'TOKEN_EXPIRED')
    const { rows } = await arena.db.query<{ n: string }>('select count(*) as n from submissions where user_id = any($1)', [[userId, participantId]])
    assert.equal(rows[0]?.n, '0')
  })

  it('refuses a language that no judge has, instead of accepting what nobody will ever judge', async () => {
    const problemId = await aProblem('program')
    const { token } = await aUser()
    const status = { workerId: v7(), sandbox: 'native' as const, reason: null }
    const tell = (toolchains: Record<string, string>) => arena.bus.broadcast(evaluationStatus.topic, { ...status, toolchains })
    await tell({ cpp: '12.2.0' })
    await eventually(async () => assert.equal((await submit(token, program(problemId))).body.error?.code, 'LANGUAGE_NOT_INSTALLED'))
    await tell({ cpp: '12.2.0', python: '3.11.2' })
    await eventually(async () => assert.equal((await submit(token, program(problemId))).status, 202))
  })

  it('holds the bound of pending submissions under a burst', async () => {
    const problemId = await aProblem('program')
    const { token } = await aUser()
    const all = await Promise.all(Array.from({ length: 25 }, () => submit(token, program(problemId))))
    assert.equal(all.filter((answer) => answer.status === 202).length, 10)
    assert.equal(all.filter((answer) => answer.body.error?.code === 'TOO_MANY_PENDING').length, 15)
  })

  it('holds bounds and keys across two groups at once', async () => {
    const problemId = await aProblem('program')
    const [greedy, nervous] = await Promise.all([aUser(), aUser()])
    const others = await Promise.all(Array.from({ length: 40 }, () => aUser()))
    const asked = others.flatMap(({ token }) => [
      submit(greedy.token, program(problemId)),
      submit(nervous.token, program(problemId), 'again'),
      submit(token, program(problemId)),
      submit(token, program(problemId)),
    ])
    const answers = await Promise.all(asked)
    const of = (first: number) => answers.filter((_, at) => at % 4 === first)
    assert.equal(of(0).filter((answer) => answer.status === 202).length, 10)
    assert.deepEqual([...new Set(of(1).map((answer) => answer.status))], [202])
    assert.equal(new Set(of(1).map((answer) => answer.body.id)).size, 1)
    assert.deepEqual([...new Set([...of(2), ...of(3)].map((answer) => answer.status))], [202])
    const { rows } = await arena.db.query<{ n: number }>('select count(*)::int as n from submissions where user_id = any($1::uuid[])', [
      [greedy, nervous, ...others].map(({ userId }) => userId),
    ])
    assert.equal(rows[0]?.n, 10 + 1 + 80)
  })
})
