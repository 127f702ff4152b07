import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plan } from '#contracts/billing'
import { emptyPlanForm, newPlan, planChange, planFormOf, planProblems } from './plan-form.ts'

const form = { ...emptyPlanForm, name: ' School ', audience: 'school' as const, features: 'One\n\n Two ', prices: { RWF: '150000', USD: '99.5', EUR: '' } }
const plan: Plan = { id: 'p', ...newPlan(form), active: true }

test('prices are sent as whole minor units of the currencies that were filled in', () => {
  assert.deepEqual(plan.prices, [
    { currency: 'RWF', amount: 150_000 },
    { currency: 'USD', amount: 9_950 },
  ])
  assert.deepEqual([plan.name, plan.features, plan.seats], ['School', ['One', 'Two'], 100])
  assert.equal(newPlan({ ...form, audience: 'person' }).seats, null)
})

test('what does not fit is said at its field', () => {
  assert.deepEqual(planProblems(form), {})
  assert.deepEqual(planProblems({ ...form, name: ' ', seats: '0', periodMonths: '37', prices: { RWF: '1.5', USD: '', EUR: '1,50' } }), {
    name: 'nameMissing',
    periodMonths: 'numberBad',
    seats: 'numberBad',
    RWF: 'priceBad',
    EUR: 'priceBad',
  })
  assert.deepEqual(planProblems({ ...form, prices: emptyPlanForm.prices }), { prices: 'priceMissing' })
})

test('a plan that is read and not touched has nothing to save, in whatever order its prices came', () => {
  assert.deepEqual(planChange({ ...plan, prices: [...plan.prices].reverse() }, planFormOf(plan)), {})
  assert.deepEqual(planChange(plan, { ...planFormOf(plan), active: false }), { active: false })
  assert.deepEqual(planChange(plan, { ...planFormOf(plan), prices: { RWF: '150000', USD: '', EUR: '' } }), { prices: [{ currency: 'RWF', amount: 150_000 }] })
})
