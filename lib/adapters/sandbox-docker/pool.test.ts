import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { minutes, seconds } from '#kernel/units'
import { silentLog } from '#ports/log'
import { fakeClock } from '#testkit/fake-clock'
import { openPool } from './pool.ts'
import type { Warm } from './shelf.ts'
import { fadedUses, planWarm } from './warm-plan.ts'

type Fake = Warm & { readonly image: string; readonly number: number; die(): void; isDiscarded: boolean }

/** A pool whose containers come when the test says so. */
function poolOf(images: readonly string[], slots: number) {
  const clock = fakeClock()
  const asked: { readonly image: string; come(): Fake; fail(): void }[] = []
  const all: Fake[] = []
  const pool = openPool<Fake>({
    images,
    slots,
    clock,
    log: silentLog,
    make: (image) =>
      new Promise((resolve, reject) => {
        const come = () => {
          const warm = fake(image, all.length)
          all.push(warm)
          resolve(warm)
          return warm
        }
        asked.push({ image, come, fail: () => reject(new Error('the engine is away')) })
      }),
  })
  /** Answers what is asked for until nothing is. */
  const settle = async () => {
    await turn()
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
      next.come()
      await turn()
    }
  }
  const waiting = () => all.filter((each) => !each.isDiscarded && !taken.has(each)).map(({ image }) => image)
  const taken = new Set<Fake>()
  const take = async (image: string) => {
    const warm = await pool.take(image)
    taken.add(warm)
    return warm
  }
  return { pool, clock, asked, settle, waiting, take }
}
/** All that is only waiting for promises has happened. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function fake(image: string, number: number): Fake {
  let isDead = false
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    image,
    number,
    ended,
    isDiscarded: false,
    isDead: () => isDead,
    die() {
      isDead = true
      end()
    },
    discard() {
      this.isDiscarded = true
      this.die()
    },
  }
}

describe('warm containers', () => {
  it('wait, one of each image, made one after another', async () => {
    const { pool, asked, settle, waiting, take } = poolOf(['cpp', 'python'], 2)
    await turn()
    assert.equal(asked.length, 1)
    await settle()
    assert.deepEqual(waiting().sort(), ['cpp', 'python'])
    await take('cpp')
    const told = Object.fromEntries(pool.waiting())
    assert.deepEqual(told, { cpp: 0, python: 1 })
  })
  it('are used once, and made anew when no box is open', async () => {
    const { pool, asked, settle, take, waiting } = poolOf(['cpp'], 2)
    await settle()
    const first = await take('cpp')
    await settle()
    const second = await take('cpp')
    assert.notEqual(first.number, second.number)
    await turn()
    assert.deepEqual(asked, [], 'both slots are at work: nothing is made beside')
    pool.closed()
    pool.closed()
    await settle()
    assert.equal(waiting().length, 3, 'one of each, and two more for who is used')
  })
  it('are not made beside a box as long as one waits', async () => {
    const { pool, asked, settle, take } = poolOf(['cpp'], 3)
    await settle()
    await take('cpp')
    pool.closed()
    await settle()
    await take('cpp')
    await turn()
    assert.deepEqual(asked, [])
  })
  it('who comes while one is made gets that one, and the next has its own made', async () => {
    const { asked, take } = poolOf(['cpp'], 2)
    await turn()
    const [first, second] = [take('cpp'), take('cpp')]
    await turn()
    assert.equal(asked.length, 2)
    asked[0]?.come()
    asked[1]?.come()
    assert.deepEqual([(await first).number, (await second).number], [0, 1])
  })
  it('what comes after its taker has gone waits for the next', async () => {
    const { pool, asked, waiting } = poolOf(['cpp'], 2)
    await turn()
    const stop = new AbortController()
    const taking = assert.rejects(pool.take('cpp', stop.signal), /enough/)
    stop.abort(new Error('enough'))
    await taking
    asked.shift()?.come()
    await turn()
    assert.deepEqual(waiting(), ['cpp'])
  })
  it('dead ones are never given out, and are replaced after a pause', async () => {
    const { clock, settle, take, asked, waiting } = poolOf(['cpp'], 1)
    await turn()
    const dying = asked.shift()?.come()
    await turn()
    dying?.die()
    await turn()
    assert.deepEqual(asked, [])
    clock.advance(seconds(1))
    await settle()
    assert.deepEqual(waiting(), ['cpp'])
    assert.equal((await take('cpp')).number, 1)
  })
  it('an engine that fails is asked after 1, 2, 4, 8 and then every 10 seconds', async () => {
    const { clock, asked } = poolOf(['cpp'], 1)
    for (const pause of [1, 2, 4, 8, 10, 10]) {
      await turn()
      asked.shift()?.fail()
      await turn()
      clock.advance(seconds(pause - 0.5))
      await turn()
      assert.equal(asked.length, 0)
      clock.advance(seconds(0.5))
      await turn()
      assert.equal(asked.length, 1)
    }
  })
  it('a failure is told to who waits for it, and does not count as an open box', async () => {
    const { pool, asked, settle, clock, waiting } = poolOf(['cpp'], 1)
    await turn()
    const taking = assert.rejects(pool.take('cpp'), /away/)
    asked.shift()?.fail()
    await taking
    clock.advance(seconds(1))
    await settle()
    assert.ok(waiting().length > 0)
  })
  it('none grows old', async () => {
    const { clock, settle, waiting, take } = poolOf(['cpp'], 1)
    await settle()
    clock.advance(minutes(36))
    await settle()
    assert.deepEqual(waiting(), ['cpp'])
    assert.equal((await take('cpp')).number, 1)
  })
  it('closed, all are discarded, also those that come later', async () => {
    const { pool, asked, waiting } = poolOf(['cpp', 'python'], 1)
    await turn()
    asked.shift()?.come()
    await turn()
    pool.close()
    asked.shift()?.come()
    await turn()
    assert.deepEqual(waiting(), [])
  })
})

describe('how many of which', () => {
  it('are never more than images and slots together, and never fewer than one of each', () => {
    const images = ['a', 'b', 'c']
    for (const uses of [new Map(), new Map([['a', 100]]), new Map(images.map((each, index) => [each, index]))]) {
      const plan = planWarm(images, uses, 4)
      assert.ok([...plan.values()].every((each) => each >= 1))
      assert.ok([...plan.values()].reduce((sum, each) => sum + each, 0) <= 7)
    }
  })
  it('go by use', () => {
    const plan = planWarm(['a', 'b', 'c'], new Map([...Object.entries({ a: 9, b: 4 })]), 4)
    assert.deepEqual(Object.fromEntries(plan), { a: 4, b: 2, c: 1 })
  })
  it('a second one comes before anybody’s third, so that what has just come into use has one waiting while one is at work', () => {
    const plan = planWarm(['a', 'b', 'c'], new Map([...Object.entries({ a: 90, b: 1 })]), 2)
    assert.deepEqual(Object.fromEntries(plan), { a: 2, b: 2, c: 1 })
  })
  it('a use counts half after ten minutes, and not at all after an hour', () => {
    const later = fadedUses(new Map([['a', 1]]), minutes(10))
    assert.equal(later.get('a'), 0.5)
    assert.equal(planWarm(['a'], fadedUses(later, minutes(60)), 5).get('a'), 1)
  })
})
