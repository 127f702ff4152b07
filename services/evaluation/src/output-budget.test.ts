import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openOutputBudget } from './output-budget.ts'

const never = new AbortController().signal
/** Whether it has been started by now: after everything that was ready has run. */
const isStarted = async (taking: Promise<unknown>) => {
  const waiting = Symbol()
  return (await Promise.race([taking, new Promise((resolve) => setImmediate(resolve, waiting))])) !== waiting
}

describe('outputs in memory', () => {
  it('small ones never wait; large ones take turns, in order', async () => {
    const budget = openOutputBudget(100, 10)
    const first = await budget.take(60, never)
    const second = budget.take(60, never)
    const third = budget.take(30, never)
    assert.deepEqual([await isStarted(second), await isStarted(third), await isStarted(budget.take(10, never))], [false, false, true])
    first()
    first()
    assert.deepEqual([await isStarted(second), await isStarted(third)], [true, true])
    assert.equal(await isStarted(budget.take(30, never)), false, 'released once, however often it is called')
  })
  it('one larger than all has the room to itself', async () => {
    const budget = openOutputBudget(100, 10)
    const release = await budget.take(1e9, never)
    const other = budget.take(11, never)
    assert.equal(await isStarted(other), false)
    release()
    assert.equal(await isStarted(other), true)
  })
  it('who gives up waiting makes room for the next', async () => {
    const budget = openOutputBudget(100, 10)
    const release = await budget.take(50, never)
    const stop = new AbortController()
    const large = budget.take(100, stop.signal)
    const small = budget.take(50, never)
    assert.equal(await isStarted(small), false)
    stop.abort(new Error('lease lost'))
    await assert.rejects(large, /lease lost/)
    assert.equal(await isStarted(small), true)
    release()
    await assert.rejects(budget.take(50, stop.signal), /lease lost/)
  })
  it('what is held is never more than there is, and everybody has a turn', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 11, max: 300 }), { maxLength: 30 }), async (sizes) => {
        const budget = openOutputBudget(100, 10)
        let held = 0
        await Promise.all(
          sizes.map(async (size) => {
            const release = await budget.take(size, never)
            held += Math.min(size, 100)
            assert.ok(held <= 100)
            await new Promise((resolve) => setImmediate(resolve))
            held -= Math.min(size, 100)
            release()
          }),
        )
        assert.equal(held, 0)
      }),
    ))
})
