import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offeredPlans } from './offered-plans.ts'

test('plans of a 402 are read, and what is none is left out', () => {
  const plan = { id: 'p', name: 'Learner', periodMonths: 1, trialDays: 7, prices: [{ currency: 'RWF', amount: 1500 }] }
  assert.deepEqual(
    offeredPlans([plan, null, 'x', {}, { ...plan, prices: [{ currency: 'BTC', amount: 1 }] }, { ...plan, prices: [{ currency: 'USD', amount: 1.5 }] }]),
    [plan],
  )
  for (const details of [undefined, null, {}, 'plans']) assert.deepEqual(offeredPlans(details), [])
})
