import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { v7 } from 'uuid'
import { contestEnded, contestStarted, contestUpdated } from '#contracts/contest'
import type { Notification } from '#contracts/notifications'
import { rejudgingApplied } from '#contracts/rejudging'
import { submissionFaulted, submissionJudged } from '#contracts/submission'
import { type UserSnapshot, userRegistered, userUpdated } from '#contracts/user'
import { minutes } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { type Arena, at, aVerdict, openArena, startsAt } from './arena.ts'

let it: Arena
before(async () => {
  it = await openArena()
})
after(() => it.stop())

const inbox = async (userId: string, query: Record<string, unknown> = {}) => {
  const answer = await it.call('GET /api/notifications', { query }, { token: await it.token(userId) })
  return answer.body as { notifications: Notification[]; unread: number }
}
const codes = async (userId: string) => (await inbox(userId)).notifications.map((one) => one.code)
const aUser = (more: Partial<UserSnapshot> = {}): UserSnapshot => ({
  userId: v7(),
  revision: 1,
  name: 'Uwase',
  school: '',
  role: 'student',
  language: 'rw',
  disabled: false,
  sessionsValidFrom: startsAt,
  ...more,
})

test('an inbox grows by one for each message, newest first, and marks what was read', async () => {
  const userId = v7()
  for (const verdict of ['WA', 'TLE', 'AC'] as const) await it.publish(submissionJudged, aVerdict(userId, { verdict }))
  const { notifications, unread } = await inbox(userId)
  assert.deepEqual(
    notifications.map((one) => [one.seq, one.message, one.read]),
    [
      [3, 'Your submission for A was Accepted', false],
      [2, 'Your submission for A was Time Limit Exceeded', false],
      [1, 'Your submission for A was Wrong Answer', false],
    ],
  )
  assert.equal(unread, 3)
  const read = await it.call('POST /api/notifications/read', { body: { seq: 2 } }, { token: await it.token(userId) })
  assert.deepEqual(read.body, { unread: 1 })
  await it.call('POST /api/notifications/read', { body: { seq: 1 } }, { token: await it.token(userId) })
  const after = await inbox(userId, { after: 1 })
  assert.deepEqual(
    after.notifications.map((one) => [one.seq, one.read]),
    [
      [2, true],
      [3, false],
    ],
    'oldest first after a number; reading never goes back',
  )
  assert.equal((await inbox(userId, { limit: 1 })).notifications.length, 1)
})

test('an inbox is read page by page, what is new alone, and by what it is about', async () => {
  const user = aUser()
  await it.publish(userRegistered, user)
  for (const verdict of ['WA', 'TLE', 'AC'] as const) await it.publish(submissionJudged, aVerdict(user.userId, { verdict }))
  const seqs = async (query: object) => (await inbox(user.userId, { ...query })).notifications.map(({ seq }) => seq)
  const first = (await inbox(user.userId, { limit: 3 })) as { next?: number }
  assert.equal(first.next, 2)
  assert.deepEqual(await seqs({ limit: 3, before: first.next }), [1])
  assert.deepEqual(await seqs({ topic: 'submissions' }), [4, 3, 2])
  assert.deepEqual([await seqs({ topic: 'account' }), await seqs({ topic: 'contests' }), await seqs({ topic: 'billing' })], [[1], [], []])
  await it.call('POST /api/notifications/read', { body: { seq: 3 } }, { token: await it.token(user.userId) })
  assert.deepEqual([await seqs({ unread: true }), await seqs({ unread: true, topic: 'account' })], [[4], []])
  assert.deepEqual((await inbox(v7(), { unread: true })).notifications, [])
})

test('a rejudging tells each author once what has changed, several of one author included, and nothing that is held', async () => {
  const [one, other] = [v7(), v7()]
  const mine = [aVerdict(one, { verdict: 'WA' }), aVerdict(one, { verdict: 'WA' }), aVerdict(other, { verdict: 'AC' })]
  for (const fact of mine) await it.publish(submissionJudged, fact)
  const verdicts = [
    ...mine.map((fact, at) => ({ ...fact, attempt: 2, verdict: at === 2 ? ('WA' as const) : ('AC' as const) })),
    aVerdict(other, { held: true, contestId: v7() }),
  ]
  for (let times = 0; times < 2; times++) await it.publish(rejudgingApplied, { rejudgingId: v7(), contestId: null, verdicts })
  const messages = async (userId: string) => (await inbox(userId)).notifications.map(({ message }) => message)
  assert.deepEqual(await messages(one), [
    ...['Accepted', 'Accepted'].map((word) => `Your submission for A was ${word}`),
    ...['Wrong Answer', 'Wrong Answer'].map((word) => `Your submission for A was ${word}`),
  ])
  assert.deepEqual(await messages(other), ['Your submission for A was Wrong Answer', 'Your submission for A was Accepted'])
})

test('a problem that cannot be judged by is told to its owner and the contest’s, once an hour however many wait', async () => {
  const [setter, pupil] = [v7(), v7()]
  const problemId = v7()
  const problems = [{ problemId, version: 1, label: 'B', title: 'B', kind: 'program' as const, points: 100, maxAttempts: null }]
  const { contestId, ownerId } = await it.contest({ feedback: 'after-end', problems })
  const fault = { attempt: 1, userId: pupil, contestId, problemId, problemOwnerId: setter }
  for (const whose of ['ours', 'setter', 'setter'] as const) await it.publish(submissionFaulted, { ...fault, submissionId: v7(), whose })
  const said = async (userId: string) => (await inbox(userId)).notifications.map(({ code, params }) => [code, params.label])
  assert.deepEqual([await said(setter), await said(ownerId), await said(pupil)], [[['PROBLEM_FAULT', 'B']], [['PROBLEM_FAULT', 'B']], []])
  it.clock.advance(minutes(60))
  await it.publish(submissionFaulted, { ...fault, submissionId: v7(), whose: 'setter' })
  assert.equal((await said(setter)).length, 2)
})

test('reading ahead of the inbox does not mark what comes later', async () => {
  const userId = v7()
  await it.publish(submissionJudged, aVerdict(userId))
  await it.call('POST /api/notifications/read', { body: { seq: 99 } }, { token: await it.token(userId) })
  await it.publish(submissionJudged, aVerdict(userId))
  assert.equal((await inbox(userId)).unread, 1)
})

test('messages written at the same time get numbers without a gap, each its own', async () => {
  const userId = v7()
  const envelope = () => ({ id: v7(), topic: submissionJudged.topic, occurredAt: at(0), payload: aVerdict(userId) })
  await it.bus.publish(Array.from({ length: 30 }, envelope))
  await it.bus.settled()
  const seqs = (await inbox(userId, { limit: 200 })).notifications.map((one) => one.seq)
  assert.deepEqual(
    seqs,
    Array.from({ length: 30 }, (_, n) => 30 - n),
  )
})

test('nobody without a token, no foreign fields, and another’s inbox is never shown', async () => {
  assert.equal((await it.call('GET /api/notifications')).body.error.code, 'UNAUTHENTICATED')
  const token = await it.token(v7())
  for (const query of [{ limit: 0 }, { after: -1 }, { userId: v7() }])
    assert.equal((await it.call('GET /api/notifications', { query }, { token })).body.error.code, 'VALIDATION_FAILED')
  assert.equal((await it.call('POST /api/notifications/read', { body: { seq: '1' } }, { token })).body.error.code, 'VALIDATION_FAILED')
  assert.deepEqual((await it.call('GET /api/notifications', {}, { token })).body.notifications, [])
  const expired = await it.token(v7())
  it.clock.advance(minutes(11))
  assert.equal((await it.call('GET /api/notifications', {}, { token: expired })).body.error.code, 'TOKEN_EXPIRED')
})

test('a rejudge is told again, an overtaken attempt and a repeated one are not', async () => {
  const userId = v7()
  const first = aVerdict(userId, { verdict: 'WA' })
  await it.publish(submissionJudged, first)
  await it.publish(submissionJudged, { ...first, attempt: 3, verdict: 'AC' })
  await it.publish(submissionJudged, { ...first, attempt: 2, verdict: 'TLE' })
  await it.publish(submissionJudged, { ...first, attempt: 3, verdict: 'AC' })
  assert.deepEqual(
    (await inbox(userId)).notifications.map((one) => one.params.verdict),
    ['AC', 'WA'],
  )
})

test('a held verdict is not told before the end; a fault of it neither', async () => {
  const userId = v7()
  const held = await it.contest({ feedback: 'after-end', endsAt: at(300) }, [userId])
  const verdict = aVerdict(userId, { contestId: held.contestId, held: true })
  await it.publish(submissionJudged, verdict)
  await it.publish(submissionFaulted, { submissionId: v7(), attempt: 1, userId, contestId: held.contestId, problemId: v7(), whose: 'ours' })
  assert.deepEqual(await codes(userId), [])
  await it.publish(submissionJudged, { ...verdict, submissionId: v7(), contestId: v7() })
  assert.deepEqual(await codes(userId), [], 'nor where the contest is not known')
  await it.publish(contestEnded, { contestId: held.contestId, title: held.title, at: at(300) })
  assert.deepEqual(await codes(userId), ['CONTEST_ENDED'])
  await it.publish(contestUpdated, { ...held, revision: 2, endsAt: at(1) })
  await it.publish(submissionJudged, aVerdict(userId, { contestId: held.contestId, held: true }))
  assert.deepEqual(await codes(userId), ['SUBMISSION_JUDGED', 'CONTEST_ENDED'], 'one judged after the end is told')
})

test('a verdict that comes after a fault of the same attempt is told too, and no fault after a verdict', async () => {
  const userId = v7()
  const verdict = aVerdict(userId)
  const { submissionId, attempt, contestId, problemId } = verdict
  const fault = { submissionId, attempt, userId, contestId, problemId, whose: 'ours' as const }
  await it.publish(submissionFaulted, fault)
  await it.publish(submissionJudged, verdict)
  await it.publish(submissionFaulted, fault)
  await it.publish(submissionJudged, verdict)
  assert.deepEqual(await codes(userId), ['SUBMISSION_JUDGED', 'SUBMISSION_FAULT'])
})

test('a fault says whose it is and names the problem by its label', async () => {
  const userId = v7()
  const problemId = v7()
  const problem = { problemId, version: 1, label: 'C', title: 'Springs', kind: 'program', points: 1, maxAttempts: null } as const
  const { contestId } = await it.contest({ problems: [problem] })
  await it.publish(submissionFaulted, { submissionId: v7(), attempt: 1, userId, contestId, problemId, whose: 'setter' })
  await it.publish(submissionFaulted, { submissionId: v7(), attempt: 1, userId, contestId: null, problemId, whose: 'ours' })
  const [ours, setter] = (await inbox(userId)).notifications
  assert.match(ours?.message ?? '', /^Your submission has no verdict yet: our judge failed/)
  assert.match(setter?.message ?? '', /^Your submission for C has no verdict yet: the problem has a fault/)
})

test('start and end reach those who joined, and nobody else', async () => {
  const [ann, bob, eve] = [v7(), v7(), v7()]
  const { contestId, title } = await it.contest({ startsAt: at(400), endsAt: at(500) }, [ann, bob])
  await it.publish(contestStarted, { contestId, title, at: at(400) })
  await it.publish(contestEnded, { contestId, title, at: at(500) })
  for (const userId of [ann, bob]) assert.deepEqual(await codes(userId), ['CONTEST_ENDED', 'CONTEST_STARTED'])
  assert.deepEqual(await codes(eve), [])
})

test('nothing is told of a deleted contest', async () => {
  const ann = v7()
  const gone = await it.contest({ deleted: true }, [ann])
  await it.publish(contestStarted, { contestId: gone.contestId, title: gone.title, at: startsAt })
  assert.deepEqual(await codes(ann), [])
})

test('a new role is told once, and an older snapshot does not undo it', async () => {
  const user = aUser()
  await it.publish(userUpdated, user)
  await it.publish(userUpdated, { ...user, revision: 3, role: 'teacher' })
  await it.publish(userUpdated, { ...user, revision: 2 })
  await it.publish(userUpdated, { ...user, revision: 4, role: 'teacher', name: 'Uwase M.' })
  assert.deepEqual(await codes(user.userId), ['ROLE_CHANGED'])
})

test('a new user is welcomed once, whichever of their events comes first', async () => {
  const user = aUser({ email: 'uwase@example.org' })
  await it.publish(userUpdated, { ...user, revision: 2 })
  await it.publish(userRegistered, user)
  await it.publish(userRegistered, user)
  assert.deepEqual(await codes(user.userId), ['WELCOME'])
})

test('messages older than the keeping time are forgotten', async () => {
  const userId = v7()
  await it.publish(submissionJudged, aVerdict(userId))
  await it.db.query(`update messages set at = at - interval '100 days' where user_id = $1`, [userId])
  await eventually(async () => {
    it.clock.advance(minutes(61))
    assert.deepEqual(await codes(userId), [])
  })
})
