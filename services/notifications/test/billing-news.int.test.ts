import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { type Receipt, receiptIssued, renewalDue, type SubscriptionSnapshot, subscriptionChanged } from '#contracts/billing'
import type { Notification } from '#contracts/notifications'
import { type Arena, openArena } from './arena.ts'

let it: Arena
before(async () => {
  it = await openArena()
})
after(() => it.stop())

const inbox = async (userId: string) => {
  const answer = await it.call('GET /api/notifications', {}, { token: await it.token(userId) })
  return (answer.body.notifications as Notification[]).reverse()
}
const mails = async (userId: string) =>
  (await it.db.query<{ template: string; params: object }>('select template, params from mails where user_id = $1 order by id', [userId])).rows
async function aHolder(): Promise<string> {
  const userId = v7()
  await it.db.query(
    `insert into users (user_id, revision, name, role, disabled, sessions_valid_from, email, email_verified, language)
     values ($1, 1, 'Mugisha', 'teacher', false, '2026-01-01', $2, true, 'fr')`,
    [userId, `${userId}@school.rw`],
  )
  return userId
}
const subscriptionId = v7()
const aReceipt = (more: Partial<Receipt> = {}): Receipt => ({
  number: 7,
  kind: 'receipt',
  issuedAt: '2026-03-01T09:00:00.000Z',
  payerName: 'Mugisha',
  school: null,
  planName: 'Premium',
  periodStartsAt: '2026-03-01T09:00:00.000Z',
  periodEndsAt: '2026-04-01T09:00:00.000Z',
  amount: 1500,
  currency: 'RWF',
  provider: 'sandbox',
  reference: 'ref-1234',
  subscriptionId,
  ...more,
})
const aSnapshot = (holderId: string, more: Partial<SubscriptionSnapshot> = {}): SubscriptionSnapshot => ({
  subscriptionId: v7(),
  revision: 1,
  holderId,
  audience: 'person',
  school: null,
  planId: v7(),
  planName: 'Premium',
  grants: ['premium-contests'],
  status: 'active',
  openUntil: '2026-04-08T09:00:00.000Z',
  cancelsAtPeriodEnd: false,
  sponsored: false,
  ...more,
})

describe('who pays', () => {
  test('gets each receipt and credit note, in the inbox and by mail', async () => {
    const holderId = await aHolder()
    await it.publish(receiptIssued, { holderId, receipt: aReceipt() })
    await it.publish(receiptIssued, { holderId, receipt: aReceipt({ number: 9, kind: 'credit-note', of: 7, amount: 1250, currency: 'USD' }) })
    assert.deepEqual(
      (await inbox(holderId)).map(({ code, params, message }) => [code, params, message]),
      [
        [
          'RECEIPT_ISSUED',
          { number: 7, kind: 'receipt', planName: 'Premium', amount: 1500, currency: 'RWF', subscriptionId },
          'Receipt 7: 1500 RWF for Premium',
        ],
        [
          'RECEIPT_ISSUED',
          { number: 9, kind: 'credit-note', planName: 'Premium', amount: 1250, currency: 'USD', subscriptionId },
          'Credit note 9: 12.50 USD of Premium',
        ],
      ],
    )
    const { periodStartsAt, periodEndsAt, reference } = aReceipt()
    const shared = { planName: 'Premium', periodStartsAt, periodEndsAt, reference }
    assert.deepEqual(await mails(holderId), [
      { template: 'receipt', params: { ...shared, number: 7, amount: 1500, currency: 'RWF' } },
      { template: 'credit-note', params: { ...shared, number: 9, amount: 1250, currency: 'USD', of: 7 } },
    ])
  })
  test('is told that a period ends soon, and that it has ended', async () => {
    const holderId = await aHolder()
    const due = {
      subscriptionId,
      holderId,
      planName: 'Premium',
      amount: 1500,
      currency: 'RWF' as const,
      endsAt: '2026-04-01T09:00:00.000Z',
      openUntil: '2026-04-08T09:00:00.000Z',
    }
    await it.publish(renewalDue, { ...due, stage: 'soon' })
    await it.publish(renewalDue, { ...due, stage: 'grace' })
    const { holderId: _, ...told } = due
    assert.deepEqual(
      (await inbox(holderId)).map(({ code, params, message }) => [code, params, message]),
      [
        ['RENEWAL_DUE', { ...told, stage: 'soon' }, 'Premium ends soon; the next period costs 1500 RWF'],
        ['RENEWAL_DUE', { ...told, stage: 'grace' }, 'Premium has ended and stays open for a while; the next period costs 1500 RWF'],
      ],
    )
    const { subscriptionId: __, ...params } = told
    assert.deepEqual(await mails(holderId), [
      { template: 'renewal-due', params },
      { template: 'renewal-late', params },
    ])
  })
  test('hears when a subscription opens and when it is over, of real changes only, in whatever order they come', async () => {
    const holderId = await aHolder()
    const first = aSnapshot(holderId, { status: 'pending', openUntil: null })
    for (const [revision, status] of [
      [1, 'pending'],
      [3, 'active'],
      [2, 'trialing'],
      [4, 'grace'],
      [6, 'expired'],
      [5, 'active'],
    ] as const)
      await it.publish(subscriptionChanged, { ...first, revision, status, openUntil: status === 'pending' ? null : '2026-04-08T09:00:00.000Z' })
    assert.deepEqual(
      (await inbox(holderId)).map(({ code, message }) => [code, message]),
      [
        ['SUBSCRIPTION_OPENED', 'Premium is open to you'],
        ['SUBSCRIPTION_ENDED', 'Premium is over'],
      ],
    )
    assert.deepEqual(await mails(holderId), [{ template: 'subscription-over', params: { planName: 'Premium' } }])
  })
  test('hears once of a subscription whose first snapshots come at the same time', async () => {
    const holderId = await aHolder()
    const first = aSnapshot(holderId)
    const envelope = (revision: number) => ({
      id: v7(),
      topic: subscriptionChanged.topic,
      occurredAt: '2026-03-01T09:00:00.000Z',
      payload: { ...first, revision },
    })
    await it.bus.publish([1, 2, 3, 4, 5, 6].map(envelope))
    await it.bus.settled()
    assert.deepEqual(
      (await inbox(holderId)).map(({ code }) => code),
      ['SUBSCRIPTION_OPENED'],
    )
  })
  test('hears nothing of what was never paid', async () => {
    const holderId = await aHolder()
    const first = aSnapshot(holderId, { status: 'pending', openUntil: null })
    await it.publish(subscriptionChanged, first)
    await it.publish(subscriptionChanged, { ...first, revision: 2, status: 'cancelled' })
    assert.deepEqual([await inbox(holderId), await mails(holderId)], [[], []])
  })
})
