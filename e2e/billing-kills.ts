/**
 * `kill -9` between what a payer did and what comes of it, in both sizes: nothing is lost, nothing is doubled. Payments are made with play money, whose
 * messages go the way of any provider's: signed, kept, then asked about.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewPlan, Subscription } from '#contracts/billing'
import type { ArenaClient } from '#testkit/arena-client'
import type { SizedArena } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'

/** `kill`: of the process that does the billing, and whatever dies with it. `restart`: resolves when it is ready. */
export type Killable = { readonly arena: Pick<SizedArena, 'as' | 'sql' | 'client'>; kill(): Promise<unknown>; restart(): Promise<unknown> }

const timeout = 300_000
const patienceMs = 90_000
const monthly: NewPlan = {
  name: 'A month',
  description: '',
  features: [],
  grants: ['premium-contests'],
  audience: 'person',
  periodMonths: 1,
  trialDays: 0,
  graceDays: 3,
  seats: null,
  prices: [{ currency: 'RWF', amount: 1500 }],
}

export function billingUnderKills({ arena, kill, restart }: Killable): void {
  const sellMonths = async () => (await (await arena.as('admin')).ok('POST /api/plans', { body: monthly })).plan.id
  const subscribe = async (who: ArenaClient, planId: string) => {
    const { checkout } = await who.ok('POST /api/subscriptions', { body: { planId, currency: 'RWF' } })
    assert.ok(checkout?.url, 'there is a page to pay on')
    return checkout.reference
  }
  const mine = async (who: ArenaClient): Promise<Subscription> => {
    const { subscriptions } = await who.ok('GET /api/subscriptions/mine')
    assert.equal(subscriptions.length, 1)
    return subscriptions[0] as Subscription
  }
  const becomesActive = (who: ArenaClient) => eventually(async () => assert.equal((await mine(who)).status, 'active'), patienceMs)
  const pay = (who: ArenaClient, reference: string) => who.ok('POST /api/billing/sandbox/:reference', { params: { reference }, body: { outcome: 'pay' } })
  const bookedFor = async (reference: string) => {
    const [row] = await arena.sql<{ receipts: number; entries: number }>(
      `select (select count(*)::int from billing.receipts r where r.payment_id = p.id) as receipts,
              (select count(*)::int from billing.ledger_entries e where e.reference = p.reference) as entries
       from billing.payments p where p.reference = $1`,
      [reference],
    )
    return row
  }
  const theBooksAreRight = async () => {
    const off = await arena.sql('select entry_seq from billing.ledger_postings group by entry_seq, currency having sum(amount) <> 0')
    assert.deepEqual(off, [], 'entries that do not add up to zero')
    const [numbers] = await arena.sql<{ count: number; least: number; most: number }>(
      'select count(*)::int as count, min(number)::int as least, max(number)::int as most from billing.receipts',
    )
    assert.ok(numbers)
    assert.deepEqual([numbers.least, numbers.most], [1, numbers.count], 'receipt numbers have a gap')
  }

  test('killed when a message of the provider is kept and nothing has come of it yet', { timeout }, async () => {
    const student = await arena.as('student')
    const reference = await subscribe(student, await sellMonths())
    // the effect needs this table; the message does not
    const held = arena.sql("begin; lock table billing.payments in exclusive mode; select pg_sleep(120), 'held by a test'; commit").catch(() => undefined)
    const isHeld = () => arena.sql("select from pg_locks l join pg_class c on c.oid = l.relation where c.relname = 'payments' and l.mode = 'ExclusiveLock'")
    await eventually(async () => assert.equal((await isHeld()).length, 1), patienceMs)
    await pay(student, reference)
    const kept = () => arena.sql<{ done_at: Date | null }>('select done_at from billing.notices where reference = $1', [reference])
    assert.deepEqual(await kept(), [{ done_at: null }])
    await kill()
    // where the database died too, the lock went with it
    await arena.sql("select pg_terminate_backend(pid) from pg_stat_activity where query like '%held by a test%' and pid <> pg_backend_pid()").catch(() => [])
    await held
    await restart()
    await becomesActive(student)
    assert.deepEqual(await bookedFor(reference), { receipts: 1, entries: 1 })
    await pay(student, reference) // told once more
    await eventually(async () => assert.equal((await kept()).filter(({ done_at }) => done_at === null).length, 0), patienceMs)
    assert.deepEqual(await bookedFor(reference), { receipts: 1, entries: 1 })
    await theBooksAreRight()
  })

  test('killed again and again while many pay: each payment has one receipt and one entry', { timeout }, async () => {
    const planId = await sellMonths()
    const payers: { who: ArenaClient; reference: string }[] = []
    for (let at = 0; at < 12; at++) {
      const who = await arena.as('student')
      payers.push({ who, reference: await subscribe(who, planId) })
    }
    const paidUntilHeard = ({ who, reference }: (typeof payers)[number]) => eventually(() => pay(who, reference), patienceMs)
    for (const [at, batch] of [payers.slice(0, 4), payers.slice(4, 8), payers.slice(8)].entries()) {
      const paying = Promise.all(batch.map(paidUntilHeard))
      // killed when the first, the second, the third of them is booked, or soon after: inside of what is at work
      const booked = async () => {
        const rows = await arena.sql('select from billing.payments where reference = any($1) and status = $2', [
          batch.map((each) => each.reference),
          'succeeded',
        ])
        assert.ok(rows.length > at, `${rows.length} are booked`)
      }
      await eventually(booked, patienceMs)
      await kill()
      await restart()
      await paying
    }
    for (const { who, reference } of payers) {
      await becomesActive(who)
      assert.deepEqual(await bookedFor(reference), { receipts: 1, entries: 1 })
      const { receipts } = await who.ok('GET /api/receipts')
      assert.deepEqual(
        receipts.map(({ amount, currency, kind }) => [amount, currency, kind]),
        [[1500, 'RWF', 'receipt']],
      )
    }
    await theBooksAreRight()
  })
}
