import type { Plan } from '#contracts/billing'
import { type Instant, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'

type PlanRecord = {
  id: string
  name: string
  description: string
  features: string[]
  grants: Plan['grants']
  audience: Plan['audience']
  period_months: number
  trial_days: number
  grace_days: number
  seats: number | null
  prices: Plan['prices']
  active: boolean
}
const columns = 'id, name, description, features, grants, audience, period_months, trial_days, grace_days, seats, prices, active'
const planOf = ({ period_months, trial_days, grace_days, ...rest }: PlanRecord): Plan => ({
  ...rest,
  periodMonths: period_months,
  trialDays: trial_days,
  graceDays: grace_days,
})

/** Oldest first. */
export async function listPlans(q: Queryable, which: 'all' | 'on sale'): Promise<Plan[]> {
  const { rows } = await q.query<PlanRecord>(`select ${columns} from plans where active or $1 order by created_at, id`, [which === 'all'])
  return rows.map(planOf)
}
export async function findPlan(q: Queryable, id: string, lock: 'none' | 'update' = 'none'): Promise<Plan | undefined> {
  const { rows } = await q.query<PlanRecord>(`select ${columns} from plans where id = $1 ${lock === 'update' ? 'for update' : ''}`, [id])
  return rows[0] && planOf(rows[0])
}
const valuesOf = (plan: Plan) => [
  plan.id,
  plan.name,
  plan.description,
  JSON.stringify(plan.features),
  JSON.stringify(plan.grants),
  plan.audience,
  plan.periodMonths,
  plan.trialDays,
  plan.graceDays,
  plan.seats,
  JSON.stringify(plan.prices),
  plan.active,
]
export async function insertPlan(q: Queryable, plan: Plan, at: Instant): Promise<void> {
  await q.query(
    `insert into plans (${columns}, created_at) values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8, $9, $10, $11::jsonb, $12, $13) on conflict (id) do nothing`,
    [...valuesOf(plan), toDate(at)],
  )
}
export async function savePlan(tx: Tx, plan: Plan): Promise<void> {
  await tx.query(
    `update plans set name = $2, description = $3, features = $4::jsonb, grants = $5::jsonb, audience = $6, period_months = $7, trial_days = $8,
       grace_days = $9, seats = $10, prices = $11::jsonb, active = $12 where id = $1`,
    valuesOf(plan),
  )
}

/** One replica at a time, until the transaction ends. */
export async function lockSeeding(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('competa-arena billing first plans'))`)
}
export async function hasPlans(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ has: boolean }>('select exists (select 1 from plans) as has')
  return rows[0]?.has === true
}
