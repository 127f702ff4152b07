/** "Try this input" through the contract: who may, how often, what comes back, and that it ends and is forgotten. The judge's part is played here. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { contestPublished, problemUpdated, registrationChanged } from '#contracts/contest'
import { evaluationQueues, laneQueue } from '#contracts/evaluation'
import { type RunReport, runAnswered, runFinished, runQueued } from '#contracts/runs'
import { minutes, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { runGivenUpMs, runKeptMs, runPatienceMs, runsPerMinute } from '../src/domain/run.ts'
import { submissionService } from '../src/service.ts'

const startsAt = '2026-03-01T08:00:00.000Z'
const endsAt = '2026-03-01T20:00:00.000Z'
const report: RunReport = {
  outcome: 'exited',
  exitCode: 0,
  stdout: '3\n',
  stdoutTruncated: false,
  stderr: '',
  stderrTruncated: false,
  cpuMs: 12,
  wallMs: 20,
  memoryBytes: 9_000_000,
  limits: { cpuMs: 2000, memoryBytes: 268_435_456 },
}

describe('runs', () => {
  let arena: ServiceHarness
  const clock = fakeClock(startsAt)
  const teacher = v7()
  let revision = 0

  before(async () => {
    arena = await startService(submissionService, { clock })
  })
  after(() => arena.stop())

  const aUser = (role: 'student' | 'teacher' | 'admin' = 'student', userId = v7()) => arena.tokenFor({ role, userId, issuedAt: new Date(clock.now()) })
  const aProblem = async (more: object = {}) => {
    const problemId = v7()
    const plain = { version: 4, ownerId: teacher, title: 'P', kind: 'program', public: true, deleted: false, sourceBytes: 1000 } as const
    await arena.publish(problemUpdated, { problemId, revision: ++revision, ...plain, languages: null, optionIds: null, multiple: false, ...more })
    return problemId
  }
  const aContest = async (problemId: string, more: object = {}) => {
    const contestId = v7()
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
      problems: [{ problemId, version: 2, label: 'A', title: 'P', kind: 'program', points: 100, maxAttempts: 1 }],
      ...more,
    })
    return contestId
  }
  const program = { language: 'python', source: 'print(sum(map(int, input().split())))', input: '1 2\n' }
  const ask = (token: string, body: unknown, key?: string) =>
    arena.call('POST /api/runs', { body, headers: key === undefined ? {} : { 'idempotency-key': key } }, { token })
  const read = (token: string, id: string) => arena.call('GET /api/runs/:id', { params: { id } }, { token })
  const answered = (runId: string, more: Partial<RunReport> = {}) =>
    arena.publish(runAnswered, { runId, outcome: { type: 'ran', report: { ...report, ...more } } })
  const jobOf = (runId: string) => arena.told(runQueued).find((job) => job.runId === runId)
  const pushesOf = (runId: string) =>
    arena.bus.broadcasts
      .filter(({ topic, payload }) => topic === runFinished.topic && (payload as { runId: string }).runId === runId)
      .map(({ payload }) => payload)
  /** Asks, and plays the judge at once. */
  const done = async (token: string, body: unknown = program) => {
    const asked = await ask(token, body)
    assert.equal(asked.status, 202, asked.text)
    await answered(asked.body.id)
    return asked.body.id as string
  }
  const refused = async (token: string, body: unknown, status: number, code: string) => {
    const answer = await ask(token, body)
    assert.deepEqual([answer.status, answer.body.error.code], [status, code], answer.text)
    return answer
  }

  it('go to the lane of runs with what the judge must know, and nothing of the user', async () => {
    const { token } = await aUser()
    const asked = await ask(token, program)
    assert.deepEqual([asked.status, asked.body.status], [202, 'queued'])
    assert.equal((await read(token, asked.body.id)).body.run.status, 'queued')
    await arena.bus.settled()
    const expiresAt = new Date(clock.now() + runPatienceMs).toISOString()
    assert.deepEqual(jobOf(asked.body.id), { runId: asked.body.id, problem: null, ...program, expiresAt })
    assert.deepEqual(evaluationQueues.find(({ name }) => name === laneQueue('run'))?.topics, [runQueued.topic])
  })

  it('show what the program printed and used, once it is told, and push that it is there', async () => {
    const { token, userId } = await aUser()
    const { id } = (await ask(token, program)).body
    await answered(id, { stdout: 'é\ufffd\n', outcome: 'exited', exitCode: 3 })
    const { run } = (await read(token, id)).body
    assert.deepEqual(run, { id, status: 'finished', createdAt: new Date(clock.now()).toISOString(), ...report, stdout: 'é\ufffd\n', exitCode: 3 })
    await eventually(() => assert.deepEqual(pushesOf(id), [{ runId: id, userId, status: 'finished', outcome: 'exited', exitCode: 3 }]))
  })

  it('keep the first answer, whatever is repeated, told later, or told of nobody’s run', async () => {
    const { token } = await aUser()
    const { id } = (await ask(token, program)).body
    await answered(id)
    await answered(id, { stdout: 'another' })
    await arena.publish(runAnswered, { runId: id, outcome: { type: 'fault', reason: 'late' } })
    await answered(v7())
    const { run } = (await read(token, id)).body
    assert.deepEqual([run.status, run.stdout], ['finished', '3\n'])
    assert.equal(pushesOf(id).length, 1)
  })

  it('end as a fault when the judge says so, without its reason', async () => {
    const { token } = await aUser()
    const { id } = (await ask(token, program)).body
    await arena.publish(runAnswered, { runId: id, outcome: { type: 'fault', reason: 'bwrap: /secret/path is missing' } })
    const answer = await read(token, id)
    assert.deepEqual([answer.body.run.status, answer.body.run.outcome], ['fault', undefined])
    assert.ok(!answer.text.includes('secret'))
    assert.equal((await ask(token, program)).status, 202, 'and one may try again')
  })

  it('are their author’s alone: to all others, staff included, they are not there', async () => {
    const { token } = await aUser()
    const id = await done(token)
    for (const role of ['student', 'teacher', 'admin'] as const) {
      const answer = await read((await aUser(role)).token, id)
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'RUN_NOT_FOUND'])
    }
    assert.equal((await arena.call('POST /api/runs', { body: program })).status, 401)
    assert.equal((await arena.call('GET /api/runs/:id', { params: { id } })).status, 401)
  })

  it('leave no trace among submissions: no row, no attempt, no event of one', async () => {
    const problemId = await aProblem()
    const contestId = await aContest(problemId)
    const { token, userId } = await aUser()
    await arena.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt })
    const from = arena.bus.published.length
    const first = await done(token, { contestId, problemId, ...program })
    assert.deepEqual(jobOf(first)?.problem, { id: problemId, version: 2 }, 'the version that the contest uses')
    clock.advance(seconds(10))
    await done(token, { contestId, problemId, ...program })
    assert.deepEqual(new Set(arena.bus.published.slice(from).map(({ topic }) => topic)), new Set([runQueued.topic, runAnswered.topic]))
    assert.equal((await arena.call('GET /api/submissions', {}, { token })).body.submissions.length, 0)
    const submitted = await arena.call('POST /api/submit', { body: { contestId, problemId, language: 'python', source: 'x' } }, { token })
    assert.equal(submitted.status, 202, 'the one attempt is still there')
    clock.advance(seconds(10))
    await done(token, { contestId, problemId, ...program })
  })

  it('are taken where one could hand in, and nowhere else', async () => {
    const { token, userId } = await aUser()
    const [problemId, secret, quiz] = [await aProblem(), await aProblem({ public: false }), await aProblem({ kind: 'choice', optionIds: ['a'] })]
    const contestId = await aContest(problemId)
    const later = await aContest(problemId, { startsAt: '2026-03-01T19:00:00.000Z' })
    const fine = { problemId, ...program }
    await refused(token, { ...fine, problemId: v7() }, 404, 'PROBLEM_NOT_FOUND')
    await refused(token, { ...fine, problemId: secret }, 404, 'PROBLEM_NOT_FOUND')
    await refused(token, { ...fine, problemId: quiz }, 422, 'ANSWER_KIND_MISMATCH')
    await refused(token, { ...fine, contestId: v7() }, 404, 'CONTEST_NOT_FOUND')
    await refused(token, { ...fine, contestId }, 403, 'NOT_REGISTERED')
    await refused(token, { ...fine, contestId: later }, 409, 'CONTEST_NOT_RUNNING')
    await arena.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt })
    await refused(token, { ...fine, contestId, problemId: secret }, 404, 'PROBLEM_NOT_FOUND')
    await refused(token, { ...fine, language: 'cobol' }, 422, 'LANGUAGE_UNKNOWN')
    await refused(token, { ...program, language: 'cobol' }, 422, 'LANGUAGE_UNKNOWN')
    await refused(token, { ...fine, problemId: await aProblem({ languages: ['c'] }) }, 422, 'LANGUAGE_UNKNOWN')
    await refused(token, { ...fine, source: 'x'.repeat(1001) }, 413, 'SOURCE_TOO_LARGE')
    const own = await arena.tokenFor({ role: 'teacher', userId: teacher, issuedAt: new Date(clock.now()) })
    assert.deepEqual(jobOf(await done(own.token, { ...fine, problemId: secret }))?.problem, { id: secret, version: 4 })
  })

  it('refuse what cannot be an input or a program, at the byte', async () => {
    const { token } = await aUser()
    for (const body of [
      { ...program, input: 1 },
      { ...program, input: null },
      { language: 'python', source: 'x' },
      { ...program, input: 'a\u0000b' },
      { ...program, input: '\ud83d' },
      { ...program, source: 'a\u0000b' },
      { ...program, source: '' },
      { ...program, input: 'x'.repeat(65_537) },
      { ...program, contestId: v7() },
      { ...program, extra: true },
      [],
    ])
      await refused(token, body, 400, 'VALIDATION_FAILED')
    await refused(token, { ...program, input: `${'é'.repeat(32_768)}x` }, 413, 'INPUT_TOO_LARGE')
    const largest = { ...program, source: 'é'.repeat(32_768), input: '\u0001'.repeat(65_536) }
    assert.equal(jobOf(await done(token, largest))?.input, largest.input)
    await refused(token, { ...program, source: `${'é'.repeat(32_768)}x` }, 413, 'SOURCE_TOO_LARGE')
  })

  it('are one at a time: a burst gives one, and the next when it is answered', async () => {
    const { token } = await aUser()
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(token, program)))
    const [taken, ...more] = answers.filter(({ status }) => status === 202)
    assert.equal(more.length, 0)
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      assert.deepEqual([answer.status, answer.body.error.code], [429, 'RUN_PENDING'])
      assert.equal(answer.headers['retry-after'], '1')
    }
    assert.equal((await ask((await aUser()).token, program)).status, 202, 'another user is not held up')
    await answered(taken?.body.id)
    assert.equal((await ask(token, program)).status, 202)
  })

  it(`are at most ${runsPerMinute} a minute for a user, and say when the next may come`, async () => {
    const { token } = await aUser()
    for (let at = 0; at < runsPerMinute; at++) {
      await done(token)
      clock.advance(seconds(2))
    }
    const answer = await refused(token, program, 429, 'TOO_MANY_REQUESTS')
    const wait = 60 - 2 * runsPerMinute
    assert.deepEqual([answer.body.error.details.retryAfterSeconds, answer.headers['retry-after']], [wait, String(wait)])
    clock.advance(seconds(wait - 1))
    await refused(token, program, 429, 'TOO_MANY_REQUESTS')
    clock.advance(seconds(1))
    await done(token)
    await refused(token, program, 429, 'TOO_MANY_REQUESTS')
  })

  it('are asked for again under the same key without a second run, and another body is refused', async () => {
    const { token } = await aUser()
    const asked = await Promise.all([1, 2, 3].map(() => ask(token, program, 'k')))
    assert.deepEqual([new Set(asked.map(({ body }) => body.id)).size, asked.every(({ status }) => status === 202)], [1, true])
    const { source, ...rest } = program
    assert.equal((await ask(token, { source, ...rest }, 'k')).body.id, asked[0]?.body.id)
    const other = await ask(token, { ...program, input: '5 6' }, 'k')
    assert.deepEqual([other.status, other.body.error.code], [409, 'IDEMPOTENCY_MISMATCH'])
    assert.equal((await ask((await aUser()).token, program, 'k')).status, 202, 'the key is the user’s own')
  })

  /** Lets the job that tidies come by, as often as it takes, until `seen`: it arms itself again only once it has done. */
  const untilTidied = (seen: () => Promise<void>) =>
    eventually(async () => {
      clock.advance(seconds(30))
      await seen()
    })

  it('never wait for ever: unanswered ones end as a fault, and a late answer does not come back', async () => {
    const { token, userId } = await aUser()
    const { id } = (await ask(token, program)).body
    const now = async () => (await read((await aUser('student', userId)).token, id)).body.run.status
    clock.advance(minutes(runGivenUpMs / 60_000 - 1))
    assert.equal(await now(), 'queued')
    await untilTidied(async () => assert.equal(await now(), 'fault'))
    await eventually(() => assert.equal(pushesOf(id).length, 1))
    await answered(id)
    assert.equal(await now(), 'fault')
    assert.equal((await ask((await aUser('student', userId)).token, program)).status, 202)
  })

  it('are forgotten after an hour, row and source', async () => {
    const { token, userId } = await aUser()
    const id = await done(token, { ...program, source: 'print("to be forgotten")' })
    const kept = async () => {
      const { rows } = await arena.db.query<{ runs: string; jobs: string }>(
        `select (select count(*) from runs where id = $1) as runs, (select count(*) from outbox where payload->>'runId' = $1::text) as jobs`,
        [id],
      )
      return [Number(rows[0]?.runs), Number(rows[0]?.jobs)]
    }
    assert.deepEqual(await kept(), [1, 1])
    clock.advance(minutes(runKeptMs / 60_000))
    const later = await arena.tokenFor({ role: 'student', userId, issuedAt: new Date(clock.now()) })
    assert.equal((await read(later.token, id)).status, 404)
    await untilTidied(async () => assert.deepEqual(await kept(), [0, 0]))
  })

  it('hold their bounds across replicas', async () => {
    const replica = await arena.again()
    try {
      const { token } = await aUser()
      const toReplica = async () =>
        (
          await replica.app.inject({
            method: 'POST',
            url: '/api/runs',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            payload: JSON.stringify(program),
          })
        ).statusCode
      const statuses = await Promise.all([...Array(4)].flatMap(() => [ask(token, program).then(({ status }) => status), toReplica()]))
      assert.deepEqual(statuses.sort(), [202, ...Array(7).fill(429)])
    } finally {
      await replica.stop()
    }
  })
})
