import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import type { NewPlan, Plan, Subscription } from '#contracts/billing'
import type { Role } from '#contracts/common'
import { type UserSnapshot, userRegistered } from '#contracts/user'
import { instant } from '#kernel/time'
import { parseConfig } from '#kit/config'
import { openOutbox } from '#kit/outbox'
import type { Clock } from '#ports/clock'
import { silentLog } from '#ports/log'
import type { PaymentProvider, SandboxBooks } from '#ports/payment-provider'
import { fakeClock } from '#testkit/fake-clock'
import { startService } from '#testkit/service-harness'
import { openProviders } from '../src/providers.ts'
import { billingService } from '../src/service.ts'
import { handleNotices, reconcile } from '../src/usecases/notices.ts'
import { retryRefunds } from '../src/usecases/refund.ts'
import { turnPhases } from '../src/usecases/turn-phases.ts'
import { FakeProvider } from './fake-provider.ts'

const dayMs = 86_400_000
export const startsAt = '2026-03-01T08:00:00.000Z'

export const aPlan = (more: Partial<NewPlan> = {}): NewPlan => ({
  name: 'Month',
  description: '',
  features: [],
  grants: ['premium-contests'],
  audience: 'person',
  periodMonths: 1,
  trialDays: 0,
  graceDays: 3,
  seats: null,
  prices: [
    { currency: 'RWF', amount: 1_500 },
    { currency: 'USD', amount: 150 },
  ],
  ...more,
})
export const aSchoolPlan = (more: Partial<NewPlan> = {}) => aPlan({ name: 'School', audience: 'school', seats: 3, graceDays: 30, periodMonths: 12, ...more })

export const aUser = (): UserSnapshot => ({
  userId: v7(),
  revision: 1,
  name: 'Uwase Aline',
  school: '',
  role: 'student',
  language: 'en',
  disabled: false,
  sessionsValidFrom: startsAt,
})

/** The service on fake providers and a clock that stands still until it is moved. */
async function openBase(overrides: NonNullable<Parameters<typeof startService>[1]>) {
  const time = fakeClock(startsAt)
  const clock: Clock = { now: time.now, after: () => () => undefined }
  const providers = {
    stripe: new FakeProvider('stripe', clock),
    flutterwave: new FakeProvider('flutterwave', clock),
    manual: new FakeProvider('manual', clock),
  }
  let all: readonly PaymentProvider[] = Object.values(providers)
  const config = parseConfig({ ARENA_DEMO: 'off' })
  const openPaymentProviders = (books: SandboxBooks) => {
    all = overrides.openPaymentProviders?.(books) ?? all
    return all
  }
  const harness = await startService(billingService, { clock, config, ...overrides, openPaymentProviders })
  const { db, bus, call } = harness
  const parts = { db, bus, clock, ids: harness.host.ids, log: silentLog }
  const deps = { ...parts, config, cache: harness.host.cache, outbox: openOutbox(parts), providers: openProviders(all) }
  const as = (userId: string, role: Role = 'student') => ({
    userId,
    async call(key: Parameters<typeof call>[0], input: object = {}) {
      const { token } = await harness.tokenFor({ userId, role, issuedAt: new Date(harness.clock.now()) })
      return call(key, input, { token })
    },
  })
  return {
    ...harness,
    clock,
    providers,
    deps,
    as,
    admin: as(v7(), 'admin'),
    /** A user whom the user service told of. */
    async user(more: Partial<UserSnapshot> = {}) {
      const snapshot = { ...aUser(), ...more }
      await harness.publish(userRegistered, snapshot)
      return as(snapshot.userId, snapshot.role)
    },
    days: (count: number) => time.set(instant(time.now() + count * dayMs)),
    ms: (count: number) => time.set(instant(time.now() + count)),
    jobs: { notices: () => handleNotices(deps), checks: () => reconcile(deps), refunds: () => retryRefunds(deps), turns: () => turnPhases(deps) },
  }
}
type Base = Awaited<ReturnType<typeof openBase>>
export type Someone = ReturnType<Base['as']>

/** What people, providers and jobs do. */
const doing = ({ admin, call, jobs }: Base) => {
  /** All that the jobs would do at this moment. */
  const work = async () => {
    for (const job of Object.values(jobs)) await job()
  }
  /** The provider tells its webhook. */
  const tell = async (provider: FakeProvider, reference: string | undefined, eventId: string = v7()) => {
    const { body, headers } = provider.notice(reference, eventId)
    return call('POST /api/billing/webhooks/:provider', { params: { provider: provider.name }, headers }, { payload: body })
  }
  return {
    work,
    tell,
    async plan(draft: NewPlan = aPlan()): Promise<Plan> {
      const made = await admin.call('POST /api/plans', { body: draft })
      assert.equal(made.status, 201, made.text)
      return made.body.plan
    },
    /** Subscribes, and takes it for granted that this is right. @returns the subscription and the reference to pay by. */
    async subscribe(user: Someone, planId: string, more: object = {}) {
      const begun = await user.call('POST /api/subscriptions', { body: { planId, currency: 'RWF', ...more } })
      assert.equal(begun.status, 201, begun.text)
      const { subscription, checkout } = begun.body
      return { id: subscription.id as string, reference: checkout?.reference as string, paymentId: checkout?.paymentId as string }
    },
    /** Paid at the provider, and known here. */
    async pay(provider: FakeProvider, reference: string) {
      provider.pay(reference)
      assert.equal((await tell(provider, reference)).status, 200)
      await work()
    },
  }
}

/** What can be seen of it. */
const seeing = ({ admin, call, db, serviceToken }: Base) => ({
  async mine(user: Someone): Promise<Subscription[]> {
    return (await user.call('GET /api/subscriptions/mine')).body.subscriptions
  },
  /** The newest one. */
  async one(user: Someone): Promise<Subscription> {
    const [first] = (await user.call('GET /api/subscriptions/mine')).body.subscriptions
    assert.ok(first, 'a subscription')
    return first
  },
  async entitlement(userId: string) {
    const token = await serviceToken('contest', 'entitlements:read')
    const answer = await call('GET /internal/entitlements/:userId', { params: { userId }, query: { grant: 'premium-contests' } }, { token })
    assert.equal(answer.status, 200, answer.text)
    return answer.body
  },
  /** Balances by account and currency; what is zero is left out. */
  async balances(): Promise<Record<string, number>> {
    const { body } = await admin.call('GET /api/billing/ledger')
    const accounts = body.accounts as { account: string; currency: string; balance: number }[]
    return Object.fromEntries(accounts.filter(({ balance }) => balance !== 0).map(({ account, currency, balance }) => [`${account} ${currency}`, balance]))
  },
  /** What must be true at every moment, whatever happened. */
  async checkBooks() {
    const sums = await db.query<{ sum: string }>('select sum(amount) as sum from ledger_postings group by currency')
    for (const { sum } of sums.rows) assert.equal(Number(sum), 0, 'the ledger adds up to zero')
    const { rows: numbers } = await db.query<{ number: string }>('select number from receipts order by number')
    assert.deepEqual(
      numbers.map(({ number }) => Number(number)),
      numbers.map((_, at) => at + 1),
      'receipts count up from one, no gap, no double',
    )
    const split = await db.query(
      `select p.id from payments p where p.earned_amount + p.credit_amount
         <> coalesce(p.received_amount, 0) - coalesce((select sum(r.amount) from refunds r where r.payment_id = p.id and r.status = 'done'), 0)`,
    )
    assert.deepEqual(split.rows, [], 'what is here is what came, less what was given back')
  },
})

/**
 * The billing service with fake providers and a clock that stands still until it is moved. Its jobs do not run by themselves: a test says when, by `jobs`
 * or `work`, so that what happens between two of them is no matter of chance.
 */
export async function openBilling(overrides: NonNullable<Parameters<typeof startService>[1]> = {}) {
  const base = await openBase(overrides)
  return { ...base, ...doing(base), ...seeing(base) }
}
export type Billing = Awaited<ReturnType<typeof openBilling>>
