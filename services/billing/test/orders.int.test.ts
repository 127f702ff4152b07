/**
 * Whatever becomes of the messages, calls and processes in between, the end is the same: a story (who subscribes, asks where to pay, pays, cancels, is given
 * money back, and when) is told twice, once with everything arriving at once, once with messages lost, doubled and out of order, the provider dead, answers
 * lost, and the process killed between any two statements. Then the jobs run until there is nothing to do, and both have the same to show.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { v7 } from 'uuid'
import type { Db } from '#ports/db'
import { handleNotices, reconcile } from '../src/usecases/notices.ts'
import { retryRefunds } from '../src/usecases/refund.ts'
import { turnPhases } from '../src/usecases/turn-phases.ts'
import { dyingDb, Killed } from './dying-db.ts'
import { type Billing, openBilling, type Someone } from './open-billing.ts'

type Act =
  | { readonly what: 'wait'; readonly days: number }
  /** A further page, by the other provider: so several can be paid. */
  | { readonly what: 'ask'; readonly provider: 'stripe' | 'flutterwave' }
  | { readonly what: 'pay'; readonly which: number; readonly amount: number }
  | { readonly what: 'cancel' | 'resume' }
  | { readonly what: 'refund'; readonly which: number; readonly amount: number | undefined }
/** What goes wrong after an act. */
type Trouble = {
  readonly tell: readonly number[]
  readonly mischief: readonly ('dead' | 'answer lost')[]
  readonly killAfter: number | undefined
  readonly isHandled: boolean
}

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('ask' as const), provider: fc.constantFrom('stripe' as const, 'flutterwave' as const) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('pay' as const), which: fc.nat(5), amount: fc.constantFrom(1_500, 1_500, 1_500, 1_000, 1_700) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('cancel' as const, 'resume' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('refund' as const), which: fc.nat(5), amount: fc.constantFrom(undefined, undefined, 400) }) },
)
const trouble: fc.Arbitrary<Trouble> = fc.record({
  tell: fc.array(fc.nat(5), { maxLength: 4 }),
  mischief: fc.array(fc.constantFrom('dead' as const, 'answer lost' as const), { maxLength: 2 }),
  killAfter: fc.option(fc.nat(25), { nil: undefined }),
  isHandled: fc.boolean(),
})
const stories = fc.array(fc.tuple(act, trouble), { minLength: 3, maxLength: 9 })

let it: Billing
let planId: string
before(async () => {
  it = await openBilling()
  planId = (await it.plan()).id
})
after(() => it.stop())

type Page = { readonly reference: string; readonly paymentId: string; readonly provider: 'stripe' | 'flutterwave' }

/** Tells a story to one fresh user. `isClean`: every message arrives at once and nothing goes wrong. */
async function tell(story: readonly (readonly [Act, Trouble])[], isClean: boolean) {
  const user = await it.user()
  const first = await it.subscribe(user, planId)
  const id = first.id
  const pages: Page[] = [{ reference: first.reference, paymentId: first.paymentId, provider: 'stripe' }]
  const startedAt = it.clock.now()
  for (const [each, wrong] of story) {
    it.ms(1_000)
    await perform(each, { user, id, pages, mischief: isClean ? [] : wrong.mischief })
    if (isClean) await arriveAll(pages)
    else await goWrong(wrong, pages)
    await it.checkBooks()
  }
  // the end of the story at the same time in both, and everything that can still be known is known
  it.providers.stripe.recover()
  it.providers.flutterwave.recover()
  for (let rounds = 0; rounds < 3; rounds++) {
    it.ms(2 * 3_600_000)
    await arriveAll(pages)
  }
  await it.checkBooks()
  return { ...(await result(user, id, pages)), startedAt }
}

type Scene = { readonly user: Someone; readonly id: string; readonly pages: Page[]; readonly mischief: Trouble['mischief'] }
async function perform(what: Act, { user, id, pages, mischief }: Scene) {
  const page = 'which' in what ? pages[what.which % pages.length] : undefined
  if (what.what === 'wait') it.days(what.days)
  if (what.what === 'pay' && page && it.providers[page.provider].holds(page.reference) === 0 && !paid.has(page.reference)) {
    paid.add(page.reference)
    it.providers[page.provider].pay(page.reference, { amount: what.amount })
  }
  // what people decide by what they see is decided by what is true: they look first
  if (what.what !== 'wait' && what.what !== 'pay') await lookAtAll(pages)
  if (what.what === 'cancel') await user.call('DELETE /api/subscriptions/:id', { params: { id } })
  if (what.what === 'resume') await user.call('POST /api/subscriptions/:id/resume', { params: { id } })
  if (what.what === 'ask') {
    const { body, status } = await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: { provider: what.provider } })
    const known = pages.some(({ reference }) => reference === body.checkout?.reference)
    if (status === 200 && !known) pages.push({ reference: body.checkout.reference, paymentId: body.checkout.paymentId, provider: what.provider })
  }
  if (what.what === 'refund' && page) {
    it.providers[page.provider].will('refund', ...mischief)
    const body = { reason: 'r', ...(what.amount === undefined ? {} : { amount: what.amount }) }
    await it.admin.call('POST /api/billing/payments/:id/refund', { params: { id: page.paymentId }, headers: { 'idempotency-key': v7() }, body })
  }
}
const paid = new Set<string>()

/** The provider answers, what is on its way back arrives, and so all is known that is true at this moment. */
async function lookAtAll(pages: readonly Page[]) {
  it.providers.stripe.recover()
  it.providers.flutterwave.recover()
  await it.db.query('update refunds set next_try_at = $1 where next_try_at is not null', [new Date(it.clock.now())])
  await it.jobs.refunds()
  for (const { paymentId } of pages) await it.admin.call('POST /api/billing/payments/:id/check', { params: { id: paymentId } })
}

async function arriveAll(pages: readonly Page[]) {
  for (const { provider, reference } of pages) await it.tell(it.providers[provider], reference)
  await it.work()
}

/** Some messages arrive, of some payments, often or never; calls fail; the process that handles them may die at any statement. */
async function goWrong({ tell: told, mischief, killAfter, isHandled }: Trouble, pages: readonly Page[]) {
  for (const which of told) {
    const page = pages[which % pages.length]
    if (page) await it.tell(it.providers[page.provider], page.reference, which % 2 === 0 ? `again ${page.reference}` : undefined)
  }
  for (const provider of [it.providers.stripe, it.providers.flutterwave]) {
    provider.will('find', ...mischief)
  }
  if (killAfter !== undefined) await dieAt(killAfter)
  if (isHandled) await it.work()
}

/** The jobs on a database connection that goes away for ever after so many statements, in the middle of a transaction or between two. */
async function dieAt(statements: number) {
  const db: Db = dyingDb(it.db, statements)
  const deps = { ...it.deps, db }
  for (const job of [handleNotices, retryRefunds, reconcile, turnPhases])
    await job(deps).catch((cause: unknown) => {
      if (!(cause instanceof Killed)) throw cause
    })
}

async function result(user: Someone, id: string, pages: readonly Page[]) {
  const subscription = (await it.mine(user)).find((each) => each.id === id)
  const since = (time: string | null | undefined) => (typeof time === 'string' ? Date.parse(time) : null)
  const { rows: postings } = await it.db.query<{ account: string; sum: string }>(
    `select l.account, sum(l.amount) as sum from ledger_postings l join ledger_entries e on e.seq = l.entry_seq where e.reference = any($1)
     group by l.account having sum(l.amount) <> 0 order by l.account`,
    [pages.map(({ reference }) => reference)],
  )
  const { rows: payments } = await it.db.query(
    'select status, received_amount, earned_amount, credit_amount, trouble from payments where subscription_id = $1 order by id',
    [id],
  )
  const { rows: receipts } = await it.db.query<{ document: { amount: number; kind: string } }>('select document from receipts where subscription_id = $1', [id])
  const net = receipts.reduce((sum, { document }) => sum + (document.kind === 'receipt' ? document.amount : -document.amount), 0)
  // what lies with the provider is what the books say
  const held = pages.reduce((sum, { provider, reference }) => sum + it.providers[provider].holds(reference), 0)
  const booked = postings.filter(({ account }) => account.startsWith('provider:')).reduce((sum, { sum: each }) => sum + Number(each), 0)
  assert.equal(booked, held, 'the books and the provider agree')
  return {
    status: subscription?.status,
    times: [since(subscription?.periodStartsAt), since(subscription?.periodEndsAt), since(subscription?.openUntil)],
    cancelsAtPeriodEnd: subscription?.cancelsAtPeriodEnd,
    postings,
    payments,
    net,
  }
}

test('the end is that of a clean run', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const began = it.clock.now()
      const clean = await tell(story, true)
      it.ms(began - it.clock.now()) // the same days again, or a month would be another one
      const rough = await tell(story, false)
      assert.deepEqual(rough, clean)
    }),
    { numRuns: Number(process.env.TEST_STORIES ?? 15), endOnFailure: true },
  )
})
