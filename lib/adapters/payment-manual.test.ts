import assert from 'node:assert/strict'
import { it } from 'node:test'
import { paymentProviderSuite, paymentRequest } from '#ports/suites/payment-provider.suite'
import { openManualPayments } from './payment-manual.ts'

paymentProviderSuite('manual', async () => openManualPayments({ bankDetails: ['Bank of Kigali', 'account 000-111'] }))

it('a bank transfer is told with amount, account and reference', async () => {
  const request = paymentRequest({ currency: 'USD', amount: 1_505 })
  const told = async (bankDetails: readonly string[]) => (await openManualPayments({ bankDetails }).checkout(request)).instructions?.join('\n') ?? ''
  const text = await told(['Bank of Kigali', 'account 000-111'])
  for (const part of ['15.05 USD', 'Bank of Kigali', 'account 000-111', request.reference]) assert.ok(text.includes(part), part)
  assert.match(await told([]), /operator/)
})
