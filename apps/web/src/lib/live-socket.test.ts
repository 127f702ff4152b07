import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLive, type LiveEvent, type LiveState, type SocketLike } from './live-socket.ts'

/** A scripted other end: sockets opened, what was said on each, and timers that run when told. */
function setUp(tokens: (string | undefined | Error)[] = ['t']) {
  const sockets: (SocketLike & { said: unknown[]; closed: boolean })[] = []
  const states: LiveState[] = []
  const events: LiveEvent[] = []
  const renewals: boolean[] = []
  let timers: { ms: number; work: () => void }[] = []
  const live = createLive({
    open() {
      const socket = {
        said: [] as unknown[],
        closed: false,
        send: (text: string) => void socket.said.push(JSON.parse(text)),
        close: () => {
          socket.closed = true
        },
        onopen: null,
        onmessage: null,
        onclose: null,
      } as SocketLike & { said: unknown[]; closed: boolean }
      sockets.push(socket)
      return socket
    },
    async token({ renew }) {
      renewals.push(renew)
      const next = tokens.length > 1 ? tokens.shift() : tokens[0]
      if (next instanceof Error) throw next
      return next
    },
    random: () => 1,
    after(ms, work) {
      const timer = { ms, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    onState: (state) => states.push(state),
  })
  live.listen((event) => events.push(event))
  const settle = () => new Promise((done) => setImmediate(done))
  const fire = async (ms: number) => {
    const due = timers.find((timer) => timer.ms === ms)
    assert.ok(due, `no timer of ${ms} ms among ${timers.map((each) => each.ms)}`)
    timers = timers.filter((each) => each !== due)
    due.work()
    await settle()
  }
  const last = () => sockets[sockets.length - 1] as (typeof sockets)[number]
  const hear = (message: unknown) => last().onmessage?.({ data: JSON.stringify(message) })
  const open = async (seq: number) => {
    await settle()
    last().onopen?.()
    hear({ type: 'ready', seq, serverNow: '' })
  }
  return { live, sockets, states, events, renewals, fire, last, hear, open, settle }
}

test('the first word is the token, then what is subscribed to', async () => {
  const { live, last, open, states } = setUp()
  live.subscribe('leaderboard:1')
  live.start()
  await open(5)
  assert.deepEqual(last().said, [
    { type: 'auth', token: 't' },
    { type: 'subscribe', channel: 'leaderboard:1' },
  ])
  assert.deepEqual(states, ['connecting', 'ready'])
})

test('after a drop it comes back, subscribes again and resumes after the last seq it saw', async () => {
  const { live, last, hear, open, fire, events, states } = setUp()
  live.subscribe('leaderboard:1')
  live.start()
  await open(5)
  hear({ type: 'notification', seq: 7, code: 'WELCOME', params: {}, message: '', at: '' })
  last().onclose?.({ code: 1006 })
  await fire(500)
  await open(9)
  assert.deepEqual(last().said, [
    { type: 'auth', token: 't' },
    { type: 'subscribe', channel: 'leaderboard:1' },
    { type: 'resume', after: 7 },
  ])
  assert.deepEqual(
    events.map((each) => each.type),
    ['notification', 'reconnected'],
  )
  assert.deepEqual(states, ['connecting', 'ready', 'waiting', 'connecting', 'ready'])
})

test('an event told twice is heard once', async () => {
  const { live, hear, open, events } = setUp()
  live.start()
  await open(5)
  for (let n = 0; n < 2; n++) hear({ type: 'notification', seq: 6, code: 'WELCOME', params: {}, message: '', at: '' })
  assert.equal(events.length, 1)
})

test('a server that stops names the pause, drawn for this socket alone', async () => {
  const { live, last, open, fire } = setUp()
  live.start()
  await open(1)
  last().onclose?.({ code: 1013, reason: 'retry 1234' })
  await fire(1234)
  await open(1)
  for (const reason of ['retry', 'retry 99999', 'retry -1', '']) {
    last().onclose?.({ code: 1013, reason })
    await fire(500)
    await open(1)
  }
})

test('pauses grow while nobody answers', async () => {
  const { live, fire, last, settle } = setUp()
  live.start()
  await settle()
  for (const ms of [500, 1000, 2000, 4000]) {
    last().onclose?.({ code: 1006 })
    await fire(ms)
  }
})

test('a token that ran out is renewed at once; one refused again waits its turn', async () => {
  const { live, last, open, fire, renewals, settle, states } = setUp()
  live.start()
  await open(1)
  last().onclose?.({ code: 4401 })
  await settle()
  last().onclose?.({ code: 4401 })
  assert.equal(states[states.length - 1], 'waiting')
  await fire(500)
  assert.deepEqual(renewals, [false, true, true])
})

test('when the renewal finds the session over, it stays off', async () => {
  const { live, last, open, settle, states } = setUp(['t', undefined])
  live.start()
  await open(1)
  last().onclose?.({ code: 4403 })
  await settle()
  assert.equal(states[states.length - 1], 'off')
})

test('a line dead in silence is left for a new one', async () => {
  const { live, sockets, open, fire } = setUp()
  live.start()
  await open(1)
  await fire(25_000)
  assert.deepEqual(sockets[0]?.said.slice(1), [{ type: 'ping' }])
  await fire(60_000)
  assert.equal(sockets[0]?.closed, true)
  await fire(500)
  assert.equal(sockets.length, 2)
})

test('stopping ends it for good, even while a token is on its way', async () => {
  const { live, sockets, settle, states } = setUp()
  live.start()
  live.stop()
  await settle()
  assert.equal(sockets.length, 0)
  assert.deepEqual(states, ['connecting', 'off'])
})

test('a channel is left when its last holder goes', async () => {
  const { live, last, open } = setUp()
  live.start()
  await open(1)
  const first = live.subscribe('leaderboard:1')
  const second = live.subscribe('leaderboard:1')
  first()
  first()
  assert.equal(last().said.length, 2)
  second()
  assert.deepEqual(last().said[2], { type: 'unsubscribe', channel: 'leaderboard:1' })
})

test('a board is followed by its first rows: said at once, again after a drop, and anew when another number is asked for', async () => {
  const { live, last, open, sockets } = setUp()
  live.start()
  await open(1)
  const leave = live.subscribe('leaderboard:1', 20)
  live.subscribe('leaderboard:1')
  leave()
  const follow = { type: 'subscribe', channel: 'leaderboard:1' }
  assert.deepEqual(last().said.slice(1), [{ ...follow, top: 20 }, follow])
  live.subscribe('leaderboard:1', 20)
  sockets[0]?.onclose?.({ code: 4401 })
  await open(1)
  assert.deepEqual(last().said[1], { ...follow, top: 20 })
})
