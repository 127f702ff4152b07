import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { memberChanged } from '#contracts/billing'
import { aSchoolPlan, type Billing, openBilling, type Someone } from './open-billing.ts'

let it: Billing
before(async () => {
  it = await openBilling()
})
after(() => it.stop())

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body?.error?.code]
const join = (user: Someone, code: string) => user.call('POST /api/subscriptions/join', { body: { code } })

async function school(seats = 3, schoolName = 'GS Huye') {
  const plan = await it.plan(aSchoolPlan({ seats, trialDays: 30 }))
  const holder = await it.user({ name: 'The head' })
  const { id } = await it.subscribe(holder, plan.id, { school: `  ${schoolName} ` })
  const { joinCode: code } = await it.one(holder)
  assert.ok(code)
  return { id, holder, code }
}

describe("a school's members", () => {
  test('join by its code, however it is typed, and have what it has', async () => {
    const { id, code, holder } = await school()
    const pupil = await it.user({ name: 'Mugisha' })
    const joined = await join(pupil, ` ${code.slice(0, 5).toLowerCase()}-${code.slice(5)} `)
    const { subscription } = joined.body
    assert.deepEqual([joined.status, subscription.school, subscription.isHolder, subscription.memberCount], [200, 'GS Huye', false, 1])
    assert.deepEqual([subscription.joinCode, subscription.due], [undefined, undefined], 'the code is the holder’s to give')
    assert.equal((await it.entitlement(pupil.userId)).subscriptionId, id)
    assert.equal((await join(pupil, code)).status, 200, 'again is harmless')
    assert.equal((await join(holder, code)).body.subscription.memberCount, 1, 'the holder needs no place')
    const { body } = await holder.call('GET /api/subscriptions/:id/members', { params: { id } })
    assert.deepEqual(
      body.members.map(({ userId, name }: { userId: string; name: string }) => [userId, name]),
      [[pupil.userId, 'Mugisha']],
    )
    assert.deepEqual(
      it
        .told(memberChanged)
        .filter(({ subscriptionId }) => subscriptionId === id)
        .map(({ userId, isMember }) => [userId, isMember]),
      [[pupil.userId, true]],
    )
  })
  test('are as many as it has places, also when all come at once', async () => {
    const { id, code, holder } = await school(3)
    const pupils = await Promise.all(Array.from({ length: 6 }, () => it.user()))
    const answers = await Promise.all(pupils.map((pupil) => join(pupil, code)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 409, 409, 409])
    const refused = answers.find(({ status }) => status === 409)
    assert.deepEqual([refused?.body.error.code, refused?.body.error.details], ['NO_SEATS_LEFT', { seats: 3 }])
    assert.equal((await it.one(holder)).memberCount, 3)
    const page = await holder.call('GET /api/subscriptions/:id/members', { params: { id }, query: { limit: 2 } })
    const next = await holder.call('GET /api/subscriptions/:id/members', { params: { id }, query: { limit: 2, after: page.body.next } })
    assert.deepEqual([page.body.members.length, next.body.members.length, next.body.next], [2, 1, undefined])
  })
  test('go: by the holder, by themselves, and by nobody else', async () => {
    const { id, code, holder } = await school()
    const [first, second] = [await it.user(), await it.user()]
    await join(first, code)
    await join(second, code)
    const remove = (by: Someone, userId: string) => by.call('DELETE /api/subscriptions/:id/members/:userId', { params: { id, userId } })
    assert.deepEqual(codeOf(await remove(first, second.userId)), [404, 'SUBSCRIPTION_NOT_FOUND'])
    assert.deepEqual(codeOf(await remove(await it.user(), first.userId)), [404, 'SUBSCRIPTION_NOT_FOUND'])
    assert.equal((await remove(first, first.userId)).status, 204)
    assert.equal((await remove(holder, second.userId)).status, 204)
    assert.equal((await remove(holder, second.userId)).status, 204, 'again is harmless')
    assert.equal((await it.entitlement(first.userId)).active, false)
    assert.deepEqual(it.told(memberChanged).filter(({ subscriptionId, isMember }) => subscriptionId === id && !isMember).length, 2)
  })
})

describe('a code', () => {
  test('that was renewed lets nobody in any more, and members stay', async () => {
    const { id, code, holder } = await school()
    const [old, late] = [await it.user(), await it.user()]
    await join(old, code)
    const renewed = await holder.call('POST /api/subscriptions/:id/code', { params: { id } })
    assert.notEqual(renewed.body.subscription.joinCode, code)
    assert.deepEqual(codeOf(await join(late, code)), [404, 'JOIN_CODE_WRONG'])
    assert.equal((await join(late, renewed.body.subscription.joinCode)).status, 200)
    assert.equal((await it.entitlement(old.userId)).active, true)
  })
  test('of a school whose time is over is told to be so', async () => {
    const { code } = await school()
    it.days(31)
    assert.deepEqual(codeOf(await join(await it.user(), code)), [409, 'SUBSCRIPTION_OVER'])
  })
  test('is not to be guessed: after ten tries there is a pause', async () => {
    const guesser = await it.user()
    for (let tries = 0; tries < 10; tries++) assert.deepEqual(codeOf(await join(guesser, `ABCDEFGHJ${'KLMNPQRSTU'[tries]}`)), [404, 'JOIN_CODE_WRONG'])
    const refused = await join(guesser, 'ABCDEFGHJK')
    assert.deepEqual([codeOf(refused), Number(refused.headers['retry-after']) > 0], [[429, 'TOO_MANY_REQUESTS'], true])
    assert.deepEqual(codeOf(await join(await it.user(), 'no code at all')), [404, 'JOIN_CODE_WRONG'])
  })
  test("is a school's alone: a person's subscription has none to renew", async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { id } = await it.subscribe(user, plan.id)
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions/:id/code', { params: { id } })), [404, 'SUBSCRIPTION_NOT_FOUND'])
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions/:id/code', { params: { id: v7() } })), [404, 'SUBSCRIPTION_NOT_FOUND'])
  })
})
