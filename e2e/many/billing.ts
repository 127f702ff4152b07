/** Billing in the many size: killed alone, in the middle of payments; and away, while contests go on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manyForTests } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { billingUnderKills } from '../billing-kills.ts'
import { gravity } from '../problems.ts'

const arena = await manyForTests()
const patienceMs = 60_000

billingUnderKills({ arena, kill: () => arena.kill('billing'), restart: () => arena.restart('billing') })

test('billing: free contests go on, premium answers from what is known, else refuses politely', { timeout: 180_000 }, async () => {
  const [admin, teacher, member, stranger] = [await arena.as('admin'), await arena.as('teacher'), await arena.as('student'), await arena.as('student')]
  const plan = {
    name: 'A year',
    description: '',
    features: [],
    grants: ['premium-contests' as const],
    audience: 'person' as const,
    periodMonths: 12,
    trialDays: 0,
    graceDays: 0,
    seats: null,
    prices: [{ currency: 'RWF' as const, amount: 0 }],
  }
  const { id: planId } = (await admin.ok('POST /api/plans', { body: plan })).plan
  await member.ok('POST /api/subscriptions', { body: { planId, currency: 'RWF' } })
  const problemId = await teacher.createProblem(gravity)
  const contest = (premium: boolean) => teacher.createContest({ premium, problems: [{ problemId }] })
  const [free, first, second] = [await contest(false), await contest(true), await contest(true)]
  await eventually(() => member.join(first.id), patienceMs) // what is known from now on

  assert.deepEqual(await arena.end('billing'), { code: 0, signal: null })
  try {
    assert.equal((await member.raw('GET', '/api/plans')).status, 503)
    for (const who of [member, stranger]) {
      await who.join(free.id)
      assert.equal((await who.judged({ contestId: free.id, problemId, answer: { value: '9.81', unit: 'm/s^2' } }, patienceMs)).verdict, 'AC')
    }
    assert.equal((await member.join(second.id)).problems?.length, 1)
    const refused = await stranger.call('POST /api/contests/:id/register', { params: { id: second.id } })
    assert.deepEqual([refused.status, refused.body.error.code], [503, 'ENTITLEMENT_UNKNOWN'])
  } finally {
    await arena.restart('billing')
  }
  // the breaker lets a call through again soon
  await eventually(async () => {
    const offered = await stranger.call('POST /api/contests/:id/register', { params: { id: second.id } })
    assert.deepEqual([offered.status, offered.body.error.code], [402, 'SUBSCRIPTION_NEEDED'])
    assert.ok(offered.body.error.details.plans.some(({ id }: { id: string }) => id === planId))
  }, patienceMs)
})
