import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestPublished, problemUpdated, registrationChanged } from '#contracts/contest'
import { evaluationFinished } from '#contracts/evaluation'
import type { Monitor } from '#contracts/submission'
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
const tokenOf = async (userId: string, role: 'student' | 'teacher' | 'admin' = 'student') =>
  (await harness.tokenFor({ userId, role, issuedAt: new Date(clock.now()) })).token

/** A contest with a choice question, a number and a program; results after the end, which hides nothing from its teacher. */
async function lesson(more: Partial<ContestSnapshot> = {}) {
  const [contestId, ownerId] = [v7(), v7()]
  const kinds = ['choice', 'numeric', 'program'] as const
  const problems = kinds.map((kind, at) => ({ problemId: v7(), version: 1, label: 'ABC'[at] ?? '', title: kind, kind, points: 100, maxAttempts: null }))
  for (const { problemId, kind, title } of problems)
    await harness.publish(problemUpdated, {
      ...{ problemId, revision: ++revision, version: 1, ownerId, title, kind, public: false, deleted: false, languages: null, sourceBytes: 65_536 },
      optionIds: kind === 'choice' ? ['a', 'b', 'c'] : null,
      multiple: true,
    })
  await harness.publish(contestPublished, {
    ...{ contestId, revision: ++revision, title: 'Lesson', subject: 'mixed', format: 'points', timing: 'window', startsAt, endsAt, durationMinutes: null },
    ...{ freezeAt: startsAt, penaltyMinutes: 20, feedback: 'after-end', ownerId, archived: false, deleted: false, problems },
    ...more,
  } as ContestSnapshot)
  const join = async () => {
    const userId = v7()
    await harness.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt })
    return userId
  }
  const answers = [{ choices: ['b', 'a'] }, { value: ' 9.81 ', unit: 'm/s^2' }, undefined] as const
  const hand = async (userId: string, problem: 0 | 1 | 2, answer: object | undefined = answers[problem]) => {
    const what = answer === undefined ? { language: 'python', source: 'print(1)' } : { answer }
    const body = { contestId, problemId: problems[problem]?.problemId, ...what }
    const accepted = await harness.call('POST /api/submit', { body }, { token: await tokenOf(userId) })
    assert.equal(accepted.status, 202, accepted.text)
    return accepted.body.id as string
  }
  const watch = async (userId = ownerId, role: 'student' | 'teacher' | 'admin' = 'teacher', id = contestId) =>
    harness.call('GET /api/submissions/monitor/:contestId', { params: { contestId: id } }, { token: await tokenOf(userId, role) })
  return {
    contestId,
    ownerId,
    problems,
    join,
    hand,
    watch,
    seen: async () => {
      const answer = await watch()
      assert.equal(answer.status, 200, answer.text)
      return answer.body as Monitor
    },
  }
}
const judge = (submissionId: string, verdict: 'AC' | 'WA' | 'CE') =>
  harness.publish(evaluationFinished, {
    submissionId,
    attempt: 1,
    outcome: {
      ...{ type: 'judged', verdict, score: verdict === 'AC' ? 100 : 0, cpuMs: 1, wallMs: 1, memoryBytes: 1, compileLog: null, tests: [] },
      provenance: { problemVersion: 1, dataDigest: '0'.repeat(64), toolchain: 't', checker: 'c', sandbox: 's' },
      stages: { fetchMs: 1, compileMs: 1, runMs: 1, checkMs: 1 },
    } as never,
  })

describe('a contest as its teacher watches it', () => {
  it('shows who tried what, and what waits', async () => {
    const { join, hand, seen, problems } = await lesson()
    const [aline, eric] = [await join(), await join()]
    const quiet = await join()
    await judge(await hand(aline, 0), 'AC')
    await judge(await hand(eric, 2), 'WA')
    clock.advance(minutes(5))
    await judge(await hand(eric, 2), 'CE')
    const waiting = await hand(eric, 2)
    const monitor = await seen()
    assert.equal(monitor.total, 3)
    const cells = new Map(monitor.participants.map((each) => [each.userId, each.cells]))
    assert.deepEqual([...cells.keys()].sort(), [aline, eric, quiet].sort())
    assert.deepEqual(cells.get(quiet), [])
    const now = new Date(clock.now()).toISOString()
    assert.deepEqual(cells.get(eric), [{ problemId: problems[2]?.problemId, solved: false, wrong: 2, pending: 1, faults: 0, lastAt: now }])
    assert.equal(cells.get(aline)?.[0]?.solved, true)
    assert.deepEqual(
      monitor.problems.map(({ label, tried, solved, pending }) => [label, tried, solved, pending]),
      [
        ['A', 1, 1, 0],
        ['B', 0, 0, 0],
        ['C', 1, 0, 1],
      ],
    )
    assert.deepEqual(monitor.problems[2]?.verdicts, [
      { verdict: 'CE', count: 1 },
      { verdict: 'WA', count: 1 },
    ])
    assert.deepEqual(monitor.waiting, { count: 1, since: now })
    await judge(waiting, 'AC')
    const later = await seen()
    assert.deepEqual(later.waiting, { count: 0 })
    assert.equal(later.participants.find(({ userId }) => userId === eric)?.cells[0]?.solved, true)
  })

  it('counts the answers to a question, whatever the order of choices and the blanks', async () => {
    const { join, hand, seen } = await lesson()
    for (const choices of [['b', 'a'], ['a', 'b'], ['c']]) await judge(await hand(await join(), 0, { choices }), choices.length > 1 ? 'WA' : 'AC')
    for (const value of ['9.81', ' 9.81']) await judge(await hand(await join(), 1, { value }), 'AC')
    await judge(await hand(await join(), 1, { value: '98.1', unit: 'm' }), 'WA')
    await hand(await join(), 1, { value: '7' }) // not judged: nobody knows yet whether it is right
    const { problems } = await seen()
    assert.deepEqual(problems[0]?.answers, [
      { answer: { choices: ['a', 'b'] }, right: false, count: 2 },
      { answer: { choices: ['c'] }, right: true, count: 1 },
    ])
    assert.deepEqual(problems[1]?.answers, [
      { answer: { value: '9.81' }, right: true, count: 2 },
      { answer: { value: '98.1', unit: 'm' }, right: false, count: 1 },
    ])
  })

  it('is for its staff alone, and knows nothing of other contests', async () => {
    const [mine, theirs] = [await lesson(), await lesson()]
    const pupil = await theirs.join()
    await theirs.hand(pupil, 2)
    assert.deepEqual((await mine.seen()).participants, [])
    for (const [userId, role] of [
      [mine.ownerId, 'teacher'],
      [pupil, 'student'],
      [theirs.ownerId, 'student'],
    ] as const) {
      const { status, body, text } = await mine.watch(userId, role, theirs.contestId)
      assert.deepEqual([status, body.error.code], [403, 'FORBIDDEN'])
      assert.ok(!text.includes(pupil) || userId === pupil)
    }
    assert.equal((await theirs.watch(v7(), 'admin')).status, 200)
    assert.equal((await mine.watch(mine.ownerId, 'teacher', v7())).status, 404)
    const gone = await lesson({ deleted: true })
    assert.equal((await gone.watch()).status, 404)
  })
})
