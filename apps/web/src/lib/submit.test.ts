import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Submit } from '#contracts/submission'
import { type Api, ApiError } from './api-client.ts'
import { createPendingSubmits } from './pending-submits.ts'
import { memoryStorage } from './storage.ts'
import { submitSafely } from './submit.ts'

const body = (value: string): Submit => ({ contestId: 'c', problemId: 'p', answer: { value } })

function setUp(answers: (Error | { id: string })[]) {
  const keys: unknown[] = []
  let made = 0
  const pending = createPendingSubmits(memoryStorage(), () => `k${++made}`)
  const call = async (_: string, input: unknown) => {
    keys.push((input as { headers: Record<string, string> }).headers['idempotency-key'])
    const next = answers.shift()
    if (!next || next instanceof Error) throw next
    return next
  }
  const hand = (value: string) =>
    submitSafely(
      { api: { call: call as Api['call'] }, pending, sleep: async () => undefined, random: () => 0 },
      { userId: 'u', body: body(value), onRetry: () => undefined },
    )
  return { keys, pending, hand }
}
const lost = () => new ApiError('NETWORK', 'lost')
const down = () => new ApiError('UNAVAILABLE', 'down', { status: 503 })

test('a lost answer is asked for again under the same key', async () => {
  const { keys, pending, hand } = setUp([lost(), down(), { id: 's' }])
  assert.deepEqual(await hand('1'), { id: 's' })
  assert.deepEqual(keys, ['k1', 'k1', 'k1'])
  assert.equal(pending.find('u', 'p', 'c'), undefined)
})

test('after giving up, pressing again with the same answer is the same submission', async () => {
  const { keys, pending, hand } = setUp([...Array.from({ length: 6 }, lost), { id: 's' }])
  await assert.rejects(hand('1'))
  assert.equal(pending.find('u', 'p', 'c')?.key, 'k1')
  await hand('1')
  assert.deepEqual(new Set(keys), new Set(['k1']))
})

test('another answer is another submission', async () => {
  const { keys, hand } = setUp([...Array.from({ length: 6 }, lost), { id: 's' }])
  await assert.rejects(hand('1'))
  await hand('2')
  assert.equal(keys[6], 'k2')
})

test('a refusal settles it: the next try is a new one', async () => {
  const { keys, hand } = setUp([new ApiError('CONTEST_NOT_RUNNING', '', { status: 409 }), { id: 's' }])
  await assert.rejects(hand('1'))
  await hand('1')
  assert.deepEqual(keys, ['k1', 'k2'])
})
