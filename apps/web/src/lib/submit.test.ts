import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handInClearly } from './submit.ts'

const made = { userId: 'u', body: { problemId: 'p', answer: { value: '1' } }, path: '/' }

test('what waits for a line is told like a lost line, what was taken by its id', async () => {
  assert.deepEqual(await handInClearly({ handIn: async () => ({ id: 's' }) }, made), { id: 's' })
  await assert.rejects(handInClearly({ handIn: async () => undefined }, made), { code: 'NETWORK', isAmbiguous: true })
})
