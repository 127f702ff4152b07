import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patiently } from './patiently.ts'

/** A part whose fetches end as told, over a line that is open or not before each. */
function fetched(ends: readonly ('ok' | 'lost')[], open: readonly boolean[] = []) {
  const said: string[] = []
  let at = 0
  const load = async () => {
    said.push('fetch')
    if (ends[at++] === 'lost') throw new Error('lost')
    return 'part'
  }
  const line = {
    isOpen: () => open[at - 1] ?? true,
    opened: async () => void said.push('line back'),
    sleep: async (ms: number) => void said.push(`${ms} ms`),
  }
  return { said, part: patiently(load, line) }
}

test('what comes is fetched once', async () => {
  const { said, part } = fetched(['ok'])
  assert.deepEqual([await part, said], ['part', ['fetch']])
})
test('without a line it waits for it, however often that goes', async () => {
  const { said, part } = fetched(['lost', 'lost', 'lost', 'lost', 'lost', 'ok'], [false, false, false, false, false])
  assert.equal(await part, 'part')
  assert.equal(said.filter((each) => each === 'line back').length, 5)
})
test('with a line it tries three times, and then says what is wrong', async () => {
  const { said, part } = fetched(['lost', 'lost', 'lost', 'ok'])
  await assert.rejects(part, { message: 'lost' })
  assert.deepEqual(said, ['fetch', '1000 ms', 'fetch', '2000 ms', 'fetch'])
})
