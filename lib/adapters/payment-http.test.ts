import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { isFault } from '#ports/suites/payment-provider.suite'
import { fakeClock } from '#testkit/fake-clock'
import { openFlutterwave } from './payment-flutterwave.ts'

/** A provider that answers each request in good time, and lists refunds without end. */
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const paid = { id: 7, tx_ref: searchParams.get('tx_ref'), status: 'successful', amount: 1_500, currency: 'RWF', created_at: '2026-03-01T08:00:00.000Z' }
  const answer = pathname.endsWith('/refunds') ? { data: [], meta: { page_info: { total_pages: 90 } } } : { data: paid }
  setTimeout(() => response.end(JSON.stringify({ status: 'success', ...answer })), 20)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
after(() => {
  server.close()
  server.closeAllConnections()
})

test('a call of many requests has one end, so that nobody takes it for lost and begins it a second time', async () => {
  const { port } = server.address() as AddressInfo
  const options = { url: `http://127.0.0.1:${port}/v3`, secretKey: 'key', webhookHash: 'hash', payersDomain: 'arena.example.rw', clock: fakeClock() }
  const hurried = openFlutterwave({ ...options, callMs: 200 })
  await assert.rejects(hurried.find('CA-AAAA-BBBB-CCCC', undefined), isFault('later'))
  await hurried.close()
  const patient = openFlutterwave(options)
  assert.equal((await patient.find('CA-AAAA-BBBB-CCCC', undefined)).state, 'paid')
  await patient.close()
})
