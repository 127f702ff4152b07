import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { v7 } from 'uuid'
import type { ProblemKind, Verdict } from '#contracts/common'
import { type ContestSnapshot, contestPublished, problemUpdated, registrationChanged } from '#contracts/contest'
import { evaluationFinished } from '#contracts/evaluation'
import { instant } from '#kernel/time'
import { minutes } from '#kernel/units'
import { fakeClock } from '#testkit/fake-clock'
import { startService } from '#testkit/service-harness'
import { submissionService } from '../src/service.ts'

const startsAt = '2026-03-01T08:00:00.000Z'
const endsAt = '2026-03-01T10:00:00.000Z'
const clock = fakeClock(startsAt)
const harness = await startService(submissionService, { clock })
after(() => harness.stop())
let revision = 0
const teacher = v7()

const tokenOf = async (userId: string, role: 'student' | 'teacher' | 'admin' = 'student') =>
  (await harness.tokenFor({ userId, role, issuedAt: new Date(clock.now()) })).token
async function aProblem(kind: ProblemKind) {
  const problemId = v7()
  await harness.publish(problemUpdated, {
    ...{ problemId, revision: ++revision, version: 1, ownerId: teacher, title: kind, kind, public: true, deleted: false, languages: null, sourceBytes: 65_536 },
    optionIds: kind === 'choice' ? ['a', 'b'] : null,
    multiple: false,
  })
  return problemId
}
async function aContest(problemId: string, kind: ProblemKind, feedback: 'now' | 'after-end') {
  const contestId = v7()
  const problems = [{ problemId, version: 1, label: 'A', title: kind, kind, points: 100, maxAttempts: null }]
  await harness.publish(contestPublished, {
    ...{ contestId, revision: ++revision, title: 'C', subject: 'mixed', format: 'points', timing: 'window', startsAt, endsAt, durationMinutes: null },
    ...{ freezeAt: null, penaltyMinutes: 20, feedback, ownerId: teacher, archived: false, deleted: false, problems },
  } as ContestSnapshot)
  return contestId
}
async function handIn(userId: string, body: object, verdict?: Verdict) {
  const accepted = await harness.call('POST /api/submit', { body }, { token: await tokenOf(userId) })
  assert.equal(accepted.status, 202, accepted.text)
  const submissionId = accepted.body.id as string
  if (verdict)
    await harness.publish(evaluationFinished, {
      submissionId,
      attempt: 1,
      outcome: {
        ...{ type: 'judged', verdict, score: verdict === 'AC' ? 100 : 0, cpuMs: 1, wallMs: 1, memoryBytes: 1, compileLog: null, tests: [] },
        provenance: { problemVersion: 1, dataDigest: '0'.repeat(64), toolchain: 't', checker: 'c', sandbox: 's' },
        stages: { fetchMs: 1, compileMs: 1, runMs: 1, checkMs: 1 },
      } as never,
    })
  await harness.bus.settled()
  clock.advance(minutes(1))
  return submissionId
}

const pupil = v7()
const ids: Record<'python' | 'cpp' | 'wrong' | 'held' | 'open' | 'waiting', string> = { python: '', cpp: '', wrong: '', held: '', open: '', waiting: '' }
let secret = ''
let told = ''
let [program, choice] = ['', '']

before(async () => {
  ;[program, choice] = [await aProblem('program'), await aProblem('choice')]
  secret = await aContest(choice, 'choice', 'after-end')
  told = await aContest(program, 'program', 'now')
  for (const contestId of [secret, told]) await harness.publish(registrationChanged, { contestId, userId: pupil, startedAt: startsAt, endsAt })
  const source = (language: string, more: object = {}) => ({ problemId: program, language, source: 'x', ...more })
  ids.python = await handIn(pupil, source('python'), 'AC')
  ids.cpp = await handIn(pupil, source('cpp'), 'TLE')
  ids.wrong = await handIn(pupil, { problemId: choice, answer: { choices: ['b'] } }, 'WA')
  ids.held = await handIn(pupil, { problemId: choice, contestId: secret, answer: { choices: ['a'] } }, 'AC')
  ids.open = await handIn(pupil, source('python', { contestId: told }), 'AC')
  ids.waiting = await handIn(pupil, source('python'))
})

const listed = async (query: object, token?: string) => {
  const answer = await harness.call('GET /api/submissions', { query }, { token: token ?? (await tokenOf(pupil)) })
  assert.equal(answer.status, 200, answer.text)
  const names = Object.entries(ids)
  return (answer.body.submissions as { id: string }[]).map(({ id }) => names.find(([, known]) => known === id)?.[0])
}

describe('lists of submissions', () => {
  it('are narrowed by verdict, language, kind, practice and time, together and page by page', async () => {
    assert.deepEqual(await listed({}), ['waiting', 'open', 'held', 'wrong', 'cpp', 'python'])
    assert.deepEqual(await listed({ verdict: 'TLE' }), ['cpp'])
    assert.deepEqual(await listed({ language: 'python', verdict: 'AC' }), ['open', 'python'])
    assert.deepEqual(await listed({ kind: 'choice' }), ['held', 'wrong'])
    assert.deepEqual(await listed({ practice: true, kind: 'program' }), ['waiting', 'cpp', 'python'])
    assert.deepEqual(await listed({ from: '2026-03-01T08:01:00Z', until: '2026-03-01T10:03:00+02:00' }), ['wrong', 'cpp'])
    assert.deepEqual(await listed({ verdict: 'AC', limit: 1, before: ids.open }), ['python'])
  })
  it('tell by no filter a verdict that is held: neither found nor left out by what it is', async () => {
    for (const verdict of ['AC', 'WA', 'PARTIAL'] as const) assert.deepEqual(await listed({ verdict, contestId: secret }), [], verdict)
    assert.deepEqual(await listed({ contestId: secret }), ['held'])
    const staff = await tokenOf(teacher, 'teacher')
    assert.deepEqual(await listed({ verdict: 'AC', contestId: secret, everybody: true }, staff), ['held'])
    assert.deepEqual(await listed({ verdict: 'AC', userId: pupil }, await tokenOf(v7(), 'admin')), ['open', 'held', 'python'])
  })
  it('refuse a filter that means nothing', async () => {
    const token = await tokenOf(pupil)
    for (const query of [{ verdict: 'GOOD' }, { language: "x'\u0000" }, { from: 'yesterday' }, { from: '2026-13-45T00:00:00Z' }, { kind: 'essay' }]) {
      const answer = await harness.call('GET /api/submissions', { query }, { token })
      assert.deepEqual([answer.status, answer.body.error.code], [400, 'VALIDATION_FAILED'], JSON.stringify(query))
    }
  })
})

describe('one’s own progress', () => {
  const progress = async (query: object = {}, userId = pupil) =>
    (await harness.call('GET /api/submissions/progress', { query }, { token: await tokenOf(userId) })).body
  it('counts what is known to be solved, and what is held only as tried', async () => {
    assert.deepEqual(await progress(), { solved: [program], tried: 2, submissions: 6, days: ['2026-03-01'] })
    assert.deepEqual(await progress({}, v7()), { solved: [], tried: 0, submissions: 0, days: [] })
    clock.set(instant(Date.parse(endsAt)))
    assert.deepEqual((await progress()).solved, [program, choice], 'the newest first, and once each')
    assert.deepEqual(await listed({ verdict: 'AC', contestId: secret }), ['held'])
  })
  it('goes by the days of who asks', async () => {
    assert.deepEqual((await progress({ utcOffsetMinutes: -600 })).days, ['2026-02-28'])
    assert.equal((await harness.call('GET /api/submissions/progress', { query: { utcOffsetMinutes: 900 } }, { token: await tokenOf(pupil) })).status, 400)
    assert.equal((await harness.call('GET /api/submissions/progress', {})).status, 401)
  })
})
