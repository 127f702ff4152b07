import type { NewPlan, Plan, PlanChange } from '#contracts/billing'
import { fail, ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import { checkPlan } from '../domain/terms.ts'
import type { Providers } from '../providers.ts'
import { findPlan, hasPlans, insertPlan, listPlans, lockSeeding, savePlan } from '../store-plans.ts'

type PlanDeps = Pick<Deps, 'db' | 'clock' | 'ids'>

export async function readOffer({ db, clock, providers }: Pick<Deps, 'db' | 'clock'> & { readonly providers: Providers }) {
  return ok({
    plans: await listPlans(db, 'on sale'),
    providers: providers.all.map(({ name, methods, currencies }) => ({ name, methods: [...methods], currencies: [...currencies] })),
    serverNow: toIso(clock.now()),
  })
}

export const readAllPlans = async ({ db }: Pick<Deps, 'db'>) => ok({ plans: await listPlans(db, 'all') })

export async function makePlan({ db, clock, ids }: PlanDeps, draft: NewPlan) {
  const checked = checkPlan(draft)
  if (!checked.ok) return checked
  const plan: Plan = { ...checked.value, id: ids.next(), active: true }
  await insertPlan(db, plan, clock.now())
  return ok({ plan })
}

/** Changes hold for what is bought from now on; see `nextTerms`. */
export const changePlan = ({ db }: Pick<Deps, 'db'>, id: string, change: PlanChange) =>
  db.transaction(async (tx) => {
    const before = await findPlan(tx, id, 'update')
    if (!before) return fail({ code: 'PLAN_NOT_FOUND' as const })
    const plan = { ...before, ...change }
    const checked = checkPlan(plan)
    if (!checked.ok) return checked
    await savePlan(tx, plan)
    return ok({ plan })
  })

const demoPlans: readonly NewPlan[] = [
  {
    name: 'Premium, a month',
    description: 'Premium contests for one person.',
    features: ['All premium contests', '14 days to try it without paying'],
    grants: ['premium-contests'],
    audience: 'person',
    periodMonths: 1,
    trialDays: 14,
    graceDays: 3,
    seats: null,
    prices: [
      { currency: 'RWF', amount: 1_500 },
      { currency: 'USD', amount: 150 },
      { currency: 'EUR', amount: 150 },
    ],
  },
  {
    name: 'Premium, a year',
    description: 'Premium contests for one person, twelve months for the price of ten.',
    features: ['All premium contests'],
    grants: ['premium-contests'],
    audience: 'person',
    periodMonths: 12,
    trialDays: 0,
    graceDays: 7,
    seats: null,
    prices: [
      { currency: 'RWF', amount: 15_000 },
      { currency: 'USD', amount: 1_500 },
      { currency: 'EUR', amount: 1_500 },
    ],
  },
  {
    name: 'School, a year',
    description: 'Premium contests for all pupils of a school. They join with a code.',
    features: ['All premium contests', 'Up to 500 members', '30 days to try it without paying'],
    grants: ['premium-contests'],
    audience: 'school',
    periodMonths: 12,
    trialDays: 30,
    graceDays: 30,
    seats: 500,
    prices: [
      { currency: 'RWF', amount: 150_000 },
      { currency: 'USD', amount: 15_000 },
      { currency: 'EUR', amount: 15_000 },
    ],
  },
]

/** The demonstration's plans, where there are none. Of several replicas one makes them. */
export const seedPlans = ({ db, clock, ids }: PlanDeps) =>
  db.transaction(async (tx) => {
    await lockSeeding(tx)
    if (await hasPlans(tx)) return
    for (const plan of demoPlans) await insertPlan(tx, { ...plan, id: ids.next(), active: true }, clock.now())
  })
