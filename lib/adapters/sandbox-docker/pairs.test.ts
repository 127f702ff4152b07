import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { minutes } from '#kernel/units'
import { fakeClock } from '#testkit/fake-clock'
import type { Container } from './container.ts'
import type { ContainerPair } from './makers.ts'
import { openPairs } from './pairs.ts'

function arena(mostWaiting = 2) {
  const clock = fakeClock()
  const made: string[] = []
  const discarded: string[] = []
  const dead = new Set<string>()
  let failure: Error | undefined
  const make = async (...images: readonly string[]): Promise<ContainerPair> => {
    const name = `${images.join('+')}-${made.length}`
    made.push(name)
    if (failure !== undefined) throw failure
    const container = (id: string) => ({ id, isDead: () => dead.has(id), discard: () => void discarded.push(id) }) as Partial<Container> as Container
    return [container(`${name}a`), container(`${name}b`)]
  }
  const pairs = openPairs({ make, mostWaiting, clock })
  const takeOne = async (...[image, other]: readonly [string, string]) => (await pairs.take(image, other)).map(({ id }) => id)
  return { clock, made, discarded, dead, pairs, takeOne, fail: (error: Error | undefined) => (failure = error) }
}
/** Lets what was discarded be told. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('pairs of containers', () => {
  it('none is made before one is asked for, and one of the same images waits after each', async () => {
    const { made, takeOne, pairs } = arena()
    assert.deepEqual(made, [])
    assert.deepEqual(await takeOne('cpp', 'cpp'), ['cpp+cpp-0a', 'cpp+cpp-0b'])
    pairs.prepare('cpp', 'cpp')
    pairs.prepare('cpp', 'cpp')
    assert.deepEqual(made, ['cpp+cpp-0', 'cpp+cpp-1'])
    assert.deepEqual(await takeOne('python', 'cpp'), ['python+cpp-2a', 'python+cpp-2b'], 'another’s images are no use')
    assert.deepEqual(await takeOne('cpp', 'cpp'), ['cpp+cpp-1a', 'cpp+cpp-1b'])
  })
  it('one that nobody came for is removed, as are the oldest of too many, and all at the end', async () => {
    const { clock, discarded, pairs } = arena()
    pairs.prepare('cpp', 'cpp')
    clock.advance(minutes(10))
    await settled()
    assert.deepEqual(discarded, ['cpp+cpp-0a', 'cpp+cpp-0b'])
    for (const image of ['a', 'b', 'c']) pairs.prepare(image, 'cpp')
    await settled()
    assert.deepEqual(discarded.slice(2), ['a+cpp-1a', 'a+cpp-1b'])
    pairs.close()
    pairs.prepare('d', 'cpp')
    await settled()
    assert.equal(discarded.length, 8)
  })
  it('one of which half has died, or that could not be made, is not given to anybody', async () => {
    const { dead, discarded, fail, pairs, takeOne } = arena()
    pairs.prepare('cpp', 'cpp')
    dead.add('cpp+cpp-0b')
    assert.deepEqual(await takeOne('cpp', 'cpp'), ['cpp+cpp-1a', 'cpp+cpp-1b'])
    assert.deepEqual(discarded, ['cpp+cpp-0a', 'cpp+cpp-0b'])
    fail(new Error('the engine is away'))
    pairs.prepare('cpp', 'cpp')
    await assert.rejects(takeOne('cpp', 'cpp'), /away/)
    fail(undefined)
    assert.deepEqual(await takeOne('cpp', 'cpp'), ['cpp+cpp-4a', 'cpp+cpp-4b'])
  })
})
