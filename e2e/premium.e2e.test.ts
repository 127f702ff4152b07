/**
 * Premium contests in a whole arena: who has no subscription gets the offer, takes it, and is in; a school's members come and go by its code; who has begun
 * goes on; and while billing is down, free contests do not notice.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NewPlan } from '#contracts/billing'
import type { ArenaClient } from '#testkit/arena'
import type { Answer } from '#testkit/arena-client'
import { arenaOfSize, asOneSize, manyForTests } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { gravity, minutesFromNow, whichPlanet } from './problems.ts'

const arena = await arenaOfSize()
const admin = await arena.as('admin')
const teacher = await arena.as('teacher')
const problemId = await teacher.createProblem(whichPlanet)
const patienceMs = 60_000

const plan: NewPlan = {
  name: 'Premium, a month',
  description: 'For the tests',
  features: ['Premium contests'],
  grants: ['premium-contests'],
  audience: 'person',
  periodMonths: 1,
  trialDays: 14,
  graceDays: 0,
  seats: null,
  prices: [{ currency: 'RWF', amount: 1_500 }],
}
const [person, school] = [
  (await admin.ok('POST /api/plans', { body: plan })).plan,
  (await admin.ok('POST /api/plans', { body: { ...plan, name: 'A school', audience: 'school', trialDays: 0, seats: 50 } })).plan,
]

const premium = (body: object = {}) => teacher.createContest({ premium: true, problems: [{ problemId, maxAttempts: 50 }], ...body })
const joiningAtOnce = (by: ArenaClient, id: string) => by.call('POST /api/contests/:id/register', { params: { id } })
/** Billing has two seconds: on a machine that has no time for it, what a client is asked to do is to try again. */
const untilKnown = (call: () => Promise<Answer>) =>
  eventually(async () => {
    const answered = await call()
    assert.notEqual(codeOf(answered), 'ENTITLEMENT_UNKNOWN')
    return answered
  }, patienceMs)
const joining = (by: ArenaClient, id: string) => untilKnown(() => joiningAtOnce(by, id))
const reading = (by: ArenaClient, id: string) => untilKnown(() => by.call('GET /api/contests/:id', { params: { id } }))
const codeOf = ({ status, body }: Answer) => body?.error?.code ?? status
const answer = (contestId: string) => ({ contestId, problemId, answer: { choices: ['b'] } })
/** Billing hears of accounts by events: of one that is brand new in a moment. */
const subscribe = (by: ArenaClient) => eventually(() => by.ok('POST /api/subscriptions', { body: { planId: person.id, currency: 'RWF' } }), patienceMs)

/** A school that the admin pays for, and its code. */
async function sponsoredSchool() {
  const holder = await arena.as('teacher')
  const body = { planId: school.id, holderId: holder.user.id, school: 'GS Huye', until: minutesFromNow(60 * 24 * 30), reason: 'a test' }
  const { id } = (await eventually(() => admin.ok('POST /api/billing/sponsorships', { body }), patienceMs)).subscription
  const mine = (await holder.ok('GET /api/subscriptions/mine')).subscriptions.find((each) => each.id === id)
  const code = mine?.joinCode
  assert.ok(code, 'the holder sees the code')
  return {
    enter: (by: ArenaClient) => eventually(() => by.ok('POST /api/subscriptions/join', { body: { code } }), patienceMs),
    takeOut: (by: ArenaClient) => holder.ok('DELETE /api/subscriptions/:id/members/:userId', { params: { id, userId: by.user.id } }),
  }
}

describe('premium contests', () => {
  test('a student is offered the plans that would do, takes one, and takes part', async () => {
    const contest = await premium()
    const student = await arena.as('student')
    const refused = await joining(student, contest.id)
    assert.deepEqual([refused.status, refused.body.error.code, refused.body.error.details.contestId], [402, 'SUBSCRIPTION_NEEDED', contest.id])
    const offered = refused.body.error.details.plans as (typeof person)[]
    assert.deepEqual(
      [person, school].map(({ id }) => offered.some((each) => each.id === id)),
      [true, true],
    )
    await eventually(
      async () =>
        assert.equal(codeOf(await student.call('POST /api/submit', { body: answer(contest.id) })), 'NOT_REGISTERED', 'handing in does not get around it'),
      patienceMs,
    )
    assert.ok(!(await reading(student, contest.id)).body.contest.problems)
    assert.equal((await student.call('GET /api/problems/:id', { params: { id: problemId } })).status, 404)
    await subscribe(student)
    const joined = await joining(student, contest.id)
    assert.deepEqual([joined.status, joined.body.contest?.problems.length], [200, 1], joined.text)
    assert.equal((await student.judged(answer(contest.id), patienceMs)).verdict, 'AC')
  })

  test('teachers and admins join without a subscription', async () => {
    const contest = await premium()
    for (const staff of [teacher, await arena.as('teacher'), admin]) assert.equal((await joining(staff, contest.id)).status, 200)
  })

  test('a member who is taken out of the school finishes what was begun, and joins no other', async () => {
    const [begun, next] = [await premium(), await premium()]
    const gs = await sponsoredSchool()
    const member = await arena.as('student')
    await gs.enter(member)
    assert.equal(codeOf(await joining(member, begun.id)), 200)
    await gs.takeOut(member)
    await eventually(async () => assert.equal(codeOf(await joining(member, (await premium()).id)), 'SUBSCRIPTION_NEEDED'), patienceMs)
    assert.equal(codeOf(await joining(member, next.id)), 'SUBSCRIPTION_NEEDED')
    assert.equal((await reading(member, begun.id)).body.contest.problems.length, 1)
    assert.equal((await member.judged(answer(begun.id), patienceMs)).verdict, 'AC')
  })

  test('who joined before the start and has left the school since is asked at the opening', async () => {
    const later = { format: 'points', timing: 'window', startsAt: minutesFromNow(60), endsAt: minutesFromNow(600) } as const
    const contest = await premium(later)
    const gs = await sponsoredSchool()
    const [member, leaver] = [await arena.as('student'), await arena.as('student')]
    for (const each of [member, leaver]) {
      await gs.enter(each)
      assert.equal(codeOf(await joining(each, contest.id)), 200)
    }
    await gs.takeOut(leaver)
    await eventually(async () => assert.equal(codeOf(await joining(leaver, (await premium()).id)), 'SUBSCRIPTION_NEEDED'), patienceMs)
    await teacher.ok('PATCH /api/contests/:id', { params: { id: contest.id }, body: { startsAt: minutesFromNow(-1) } })
    assert.equal((await reading(member, contest.id)).body.contest.problems.length, 1)
    assert.equal(codeOf(await reading(leaver, contest.id)), 'SUBSCRIPTION_NEEDED')
    await gs.enter(leaver)
    assert.equal((await reading(leaver, contest.id)).body.contest.problems.length, 1)
  })

  // in the one size billing is part of the same process
  if (!asOneSize(arena))
    test('while billing is down, free contests do not notice, and premium ones go by what it said last', async () => {
      const many = await manyForTests()
      const free = await teacher.createContest({ problems: [{ problemId: await teacher.createProblem(gravity) }] })
      const [first, second] = [await premium(), await premium()]
      const [known, stranger] = [await arena.as('student'), await arena.as('student')]
      await subscribe(known)
      assert.equal(codeOf(await joining(known, first.id)), 200)
      assert.deepEqual(await many.end('billing'), { code: 0, signal: null })
      try {
        for (const student of [known, stranger]) assert.equal((await joining(student, free.id)).body.contest.problems.length, 1)
        assert.equal((await joining(known, second.id)).body.contest?.problems.length, 1)
        assert.equal((await known.judged(answer(second.id), patienceMs)).verdict, 'AC')
        const refused = await joiningAtOnce(stranger, second.id)
        assert.deepEqual([refused.status, refused.body.error.code], [503, 'ENTITLEMENT_UNKNOWN'])
        const offer = await stranger.call('GET /api/plans')
        assert.deepEqual([offer.status, offer.body.error.code], [503, 'UNAVAILABLE'])
      } finally {
        await many.restart('billing')
      }
      await eventually(async () => assert.equal(codeOf(await joining(stranger, second.id)), 'SUBSCRIPTION_NEEDED'), patienceMs)
    })
})
