import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventually } from '#testkit/eventually'
import { ApiError } from './api-client.ts'
import type { Table } from './browser-db.ts'
import { createOutbox, type NewItem, type OutboxItem } from './outbox.ts'
import { outboxStore } from './outbox-store.ts'
import { memoryStorage } from './storage.ts'

const lost = () => new ApiError('NETWORK', 'lost')
const over = () => new ApiError('CONTEST_NOT_RUNNING', 'over', { status: 409 })
const loggedOut = () => new ApiError('UNAUTHENTICATED', 'log in', { status: 401 })
const busy = (retryAfterSeconds: number) => new ApiError('TOO_MANY_REQUESTS', 'busy', { status: 429, details: { retryAfterSeconds } })
const made = (value: string, userId = 'u'): NewItem => ({ userId, body: { problemId: 'p', answer: { value } }, title: 'Gravity', path: '/x' })
const noTable: Table = { all: async () => undefined, get: async () => undefined, put: async () => false, remove: async () => undefined, keys: async () => [] }

type Answer = Error | { id: string }
/** Tabs of one browser; `answer` is the server. */
function browser(answer: (item: OutboxItem) => Answer) {
  const store = outboxStore(noTable, memoryStorage())
  const sent: string[] = []
  let who: string | undefined = 'u'
  let made = 0
  let queue: Promise<unknown> = Promise.resolve()
  const tab = () => {
    const timers: { ms: number; work: () => void }[] = []
    const outbox = createOutbox({
      store,
      async send(item) {
        if (item.userId !== who) throw loggedOut()
        sent.push(item.key)
        const said = answer(item)
        if (said instanceof Error) throw said
        return said
      },
      who: () => who,
      now: () => ++made,
      newKey: () => `k${++made}`,
      random: () => 0.5,
      exclusive(work) {
        const mine = queue.then(work)
        queue = mine.catch(() => undefined)
        return mine
      },
      after(ms, work) {
        const timer = { ms, work }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
    })
    return { outbox, timers }
  }
  return {
    tab,
    sent,
    store,
    logIn: (next: string | undefined) => {
      who = next
    },
  }
}

test('what is answered at once leaves nothing behind', async () => {
  const { tab, store } = browser(() => ({ id: 's1' }))
  assert.deepEqual(await tab().outbox.handIn(made('1')), { id: 's1' })
  assert.deepEqual(await store.list(), [])
})

test('without a line it waits, over a reload too, and goes out under its first key', async () => {
  let isUp = false
  const { tab, sent, store } = browser(() => (isUp ? { id: 's1' } : lost()))
  const first = tab()
  assert.equal(await first.outbox.handIn(made('1')), undefined)
  assert.equal(first.outbox.items.get().length, 1)
  assert.equal(first.timers.length, 1)
  const reloaded = tab()
  const heard: string[] = []
  reloaded.outbox.onSent(({ id, late }) => heard.push(`${id} ${late}`))
  isUp = true
  reloaded.outbox.nudge()
  await eventually(() => assert.deepEqual(heard, ['s1 true']))
  assert.equal(new Set(sent).size, 1)
  assert.deepEqual(await store.list(), [])
})

test('the same body again, while it waits, is the same submission; another body is another', async () => {
  const { tab, store } = browser(() => lost())
  const { outbox } = tab()
  await outbox.handIn(made('1'))
  await outbox.handIn(made('1'))
  await outbox.handIn(made('2'))
  assert.equal((await store.list()).length, 2)
})

test('a refusal is told to who pressed, and kept for who was away', async () => {
  let said: Answer = over()
  const { tab, store, sent } = browser(() => said)
  const { outbox } = tab()
  await assert.rejects(outbox.handIn(made('1')), { code: 'CONTEST_NOT_RUNNING' })
  assert.deepEqual(await store.list(), [])
  said = lost()
  await outbox.handIn(made('1'))
  said = over()
  outbox.nudge()
  await eventually(() => assert.equal(outbox.items.get()[0]?.refused?.code, 'CONTEST_NOT_RUNNING'))
  assert.deepEqual(outbox.items.get()[0]?.body, made('1').body)
  const before = sent.length
  outbox.nudge()
  await outbox.reload()
  assert.equal(sent.length, before, 'a refused one is never sent again')
  await outbox.cancel(outbox.items.get()[0]?.key ?? '')
  assert.deepEqual(outbox.items.get(), [])
})

test('a session that ended lets it wait for the login of the same person', async () => {
  const { tab, logIn, sent } = browser(() => ({ id: 's' }))
  const { outbox, timers } = tab()
  logIn(undefined)
  await assert.rejects(outbox.handIn(made('1')), { status: 401 })
  logIn('stranger')
  await outbox.reload()
  outbox.nudge()
  await outbox.reload()
  assert.deepEqual([outbox.items.get(), sent, timers.length], [[], [], 0], 'nothing of the other is seen or sent')
  logIn('u')
  outbox.nudge()
  await eventually(() => assert.equal(sent.length, 1))
})

test('a server that asks for patience gets it', async () => {
  const { tab } = browser(() => busy(7))
  const { outbox, timers } = tab()
  await assert.rejects(outbox.handIn(made('1')))
  const line = browser(() => (line.sent.length === 1 ? lost() : busy(7)))
  const one = line.tab()
  await one.outbox.handIn(made('1'))
  one.outbox.nudge()
  await eventually(() => assert.equal(one.timers.at(-1)?.ms, 7000))
  assert.equal(timers.length, 0)
})

test('two tabs that hear of the line together send each item once', async () => {
  let isUp = false
  const { tab, sent, store } = browser((item) => (isUp ? { id: item.key } : lost()))
  const [a, b] = [tab(), tab()]
  await a.outbox.handIn(made('1'))
  await a.outbox.handIn(made('2'))
  const before = sent.length
  isUp = true
  a.outbox.nudge()
  b.outbox.nudge()
  await eventually(async () => assert.deepEqual(await store.list(), []))
  assert.equal(sent.length - before, 2)
})

/** However the line flips, and however often it is asked: the server takes each submission once, none is lost, and in the order they were made. */
test('on any line each submission counts once and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<'up' | 'down' | 'cut'>('up', 'down', 'cut'), { maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      async (line, count) => {
        const taken: string[] = []
        const { tab, store } = browser((item) => {
          const state = line.shift() ?? 'up'
          // `cut`: the server took it and the answer was lost
          if (state !== 'down' && !taken.includes(item.key)) taken.push(item.key)
          return state === 'up' ? { id: item.key } : lost()
        })
        const { outbox, timers } = tab()
        for (let n = 0; n < count; n++) await outbox.handIn(made(String(n)))
        for (let round = 0; round < 100 && (await store.list()).length > 0; round++) {
          timers.at(-1)?.work()
          outbox.nudge()
          await outbox.reload()
          await new Promise((done) => setImmediate(done))
        }
        assert.deepEqual(await store.list(), [])
        assert.equal(new Set(taken).size, count)
        assert.equal(taken.length, count)
      },
    ),
    { numRuns: 60 },
  )
})

test('what is refused in its sender’s face is not kept, whenever the waiting is looked through meanwhile', async () => {
  for (let ticks = 0; ticks < 40; ticks++) {
    const { tab, store } = browser(over)
    const { outbox } = tab()
    const handing = outbox.handIn(made('1'))
    handing.catch(() => undefined)
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
    outbox.nudge()
    await assert.rejects(handing, { code: 'CONTEST_NOT_RUNNING' })
    await new Promise((resolve) => setImmediate(resolve)) // whatever was looked through is over
    assert.deepEqual([await store.list(), outbox.items.get()], [[], []], `looked through after ${ticks} ticks`)
  }
})

test('what was refused in its sender’s face is not sent again while it is put away', async () => {
  const { tab, sent, store } = browser(() => (sent.length === 1 ? over() : { id: 's1' }))
  const { outbox } = tab()
  const { remove } = store
  let nudged = false
  Object.assign(store, {
    async remove(key: string) {
      outbox.nudge()
      nudged = true
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      await remove(key)
    },
  })
  await assert.rejects(outbox.handIn(made('1')), { code: 'CONTEST_NOT_RUNNING' })
  assert.deepEqual([nudged, sent.length, await store.list()], [true, 1, []])
})
