import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { openGroups } from './groups.ts'

/** Groups that go on until they are let go. */
function held({ largest = 64, worthSecond = 24 } = {}) {
  const begun: number[][] = []
  const ends: (() => void)[] = []
  const groups = openGroups<number>({
    largest,
    worthSecond,
    run: (group) => {
      begun.push([...group])
      return new Promise((resolve) => void ends.push(resolve))
    },
  })
  let next = 0
  return {
    begun,
    underWay: () => ends.length,
    sizes: () => begun.map((group) => group.length),
    async add(count: number) {
      for (let n = 0; n < count; n++) groups.add(next++)
      await turn()
    },
    async end(at = 0) {
      ends.splice(at, 1)[0]?.()
      await turn()
    },
  }
}

describe('groups', () => {
  it('one that is alone waits for nobody', async () => {
    const { add, sizes } = held()
    await add(1)
    assert.deepEqual(sizes(), [1])
  })
  it('what comes meanwhile waits for the group under way, while it is few', async () => {
    const { add, end, sizes } = held()
    await add(1)
    await add(23)
    assert.deepEqual(sizes(), [1])
    await end()
    assert.deepEqual(sizes(), [1, 23])
  })
  it('many that wait are a second group beside the first, and there is never a third', async () => {
    const { add, end, sizes } = held()
    await add(1)
    await add(24)
    assert.deepEqual(sizes(), [1, 24])
    await add(200)
    assert.deepEqual(sizes(), [1, 24])
    await end()
    assert.deepEqual(sizes(), [1, 24, 64])
  })
  it('what one turn brings is one group, as far as it holds it', async () => {
    const { add, sizes } = held()
    await add(64)
    assert.deepEqual(sizes(), [64])
  })
  it('a few that are left wait for the other group instead of making a small one', async () => {
    const { add, end, sizes } = held()
    await add(1)
    await add(24)
    await add(5)
    await end(1)
    assert.deepEqual(sizes(), [1, 24])
    await end()
    assert.deepEqual(sizes(), [1, 24, 5])
  })
  it('runs everything once, in the order it came, whenever it comes and groups end', async () => {
    const step = fc.oneof(fc.record({ add: fc.integer({ min: 1, max: 40 }) }), fc.record({ end: fc.integer({ min: 0, max: 1 }) }))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { add, begun, end, underWay } = held({ largest: 16, worthSecond: 6 })
        let added = 0
        for (const one of steps) {
          if ('add' in one) {
            added += one.add
            await add(one.add)
          } else await end(Math.min(one.end, Math.max(0, underWay() - 1)))
          assert.ok(underWay() <= 2)
        }
        while (underWay() > 0) await end()
        assert.deepEqual(
          begun.flat(),
          Array.from({ length: added }, (_, n) => n),
        )
      }),
      { numRuns: 60 },
    )
  })
})
