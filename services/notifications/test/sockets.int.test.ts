import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { v7 } from 'uuid'
import { contestEnded, contestFrozen, contestStarted, contestUpdated } from '#contracts/contest'
import { evaluationProgress } from '#contracts/evaluation'
import { leaderboardChanged } from '#contracts/leaderboard'
import { runFinished } from '#contracts/runs'
import { submissionFaulted, submissionJudged } from '#contracts/submission'
import { sessionEnded, userUpdated } from '#contracts/user'
import { minutes, ms, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { limits } from '../src/sockets/limits.ts'
import { type Arena, at, aVerdict, openArena, startsAt } from './arena.ts'

let it: Arena
before(async () => {
  it = await openArena()
})
after(() => it.stop())

const user = (userId: string, more: object = {}) =>
  ({ userId, revision: 1, name: 'Uwase', school: '', role: 'student', language: 'en', disabled: false, sessionsValidFrom: startsAt, ...more }) as const
/** What the harsh bus said is heard a turn later. */
const broadcast = (topic: string, payload: unknown) => it.bus.broadcast(topic, payload)

test('a verdict reaches every tab of its author, and nobody else', async () => {
  const [ann, bob] = [v7(), v7()]
  const [one, two, other] = [await it.enter(ann), await it.enter(ann), await it.enter(bob)]
  const fact = aVerdict(ann)
  await it.publish(submissionJudged, fact)
  for (const tab of [one, two]) {
    const { type, seq, id, verdict, message } = await tab.heard('submission.judged')
    assert.deepEqual([type, seq, id, verdict, message], ['submission.judged', 1, fact.submissionId, 'AC', 'Your submission for A was Accepted'])
  }
  assert.deepEqual(await other.soFar(), [])
})

test('ready says how far the inbox is, and resume replays what was missed, in order, before what comes', async () => {
  const ann = v7()
  for (const verdict of ['WA', 'TLE', 'AC'] as const) await it.publish(submissionJudged, aVerdict(ann, { verdict }))
  const tab = await it.enter(ann)
  assert.equal((await tab.heard('ready')).seq, 3)
  tab.send({ type: 'resume', after: 1 })
  await it.publish(submissionJudged, aVerdict(ann, { verdict: 'CE' }))
  await eventually(async () => assert.equal((await tab.soFar()).length, 3))
  assert.deepEqual(
    (await tab.soFar()).map((message) => [message.seq, message.verdict]),
    [
      [2, 'TLE'],
      [3, 'AC'],
      [4, 'CE'],
    ],
  )
})

test('a resume from beyond the inbox’s end hides nothing that comes', async () => {
  const ann = v7()
  const tab = await it.enter(ann)
  tab.send({ type: 'resume', after: 1_000 })
  await tab.soFar()
  await it.publish(submissionJudged, aVerdict(ann))
  await tab.heard('submission.judged')
})

test('lost, doubled and late broadcasts: each message is heard once and in order', async () => {
  const ann = v7()
  const tab = await it.enter(ann)
  const silent = it.bus.broadcast
  it.bus.broadcast = async () => undefined
  for (let n = 0; n < 3; n++) await it.publish(submissionJudged, aVerdict(ann))
  it.bus.broadcast = silent
  await it.publish(submissionJudged, aVerdict(ann))
  const told = it.bus.broadcasts.filter(({ payload }) => (payload as { userId?: string }).userId === ann).at(-1)
  await broadcast(told?.topic ?? '', told?.payload)
  await eventually(async () =>
    assert.deepEqual(
      (await tab.soFar()).map((message) => message.seq),
      [1, 2, 3, 4],
    ),
  )
})

test('what comes for oneself is no secret of the freeze, but a held verdict is: nothing is pushed of it before the end', async () => {
  const ann = v7()
  const tab = await it.enter(ann)
  const { contestId, title } = await it.contest({ feedback: 'after-end' }, [ann])
  const id = v7()
  await broadcast(evaluationProgress.topic, { submissionId: id, attempt: 1, userId: ann, contestId, stage: 'running', test: 3, of: 9 })
  await it.publish(submissionJudged, aVerdict(ann, { contestId, submissionId: id, held: true }))
  await it.publish(submissionFaulted, { submissionId: v7(), attempt: 1, userId: ann, contestId, problemId: v7(), whose: 'ours' })
  assert.deepEqual(
    (await tab.soFar()).filter(({ type }) => type !== 'contest.changed'),
    [],
  )
  const heldTexts = it.bus.broadcasts.map((one) => JSON.stringify(one)).filter((text) => text.includes(id) && !text.includes(evaluationProgress.topic))
  assert.deepEqual(heldTexts, [], 'nor is it told between replicas')
  await it.publish(contestEnded, { contestId, title, at: at(120) })
  assert.equal((await tab.heard('notification')).code, 'CONTEST_ENDED')
})

test('progress is shown to its author where results are told at once', async () => {
  const ann = v7()
  const [tab, other] = [await it.enter(ann), await it.enter(v7())]
  const { contestId } = await it.contest({}, [ann])
  const progress = { submissionId: v7(), attempt: 1, userId: ann, stage: 'running', test: 3, of: 9 }
  await broadcast(evaluationProgress.topic, { ...progress, contestId: v7() })
  await broadcast(evaluationProgress.topic, { ...progress, contestId: 'not an id' })
  await broadcast(evaluationProgress.topic, { ...progress, contestId })
  assert.deepEqual(await tab.heard('submission.progress'), { type: 'submission.progress', id: progress.submissionId, stage: 'running', test: 3, of: 9 })
  await broadcast(evaluationProgress.topic, { ...progress, contestId: null })
  await eventually(async () => assert.equal((await tab.soFar()).filter(({ type }) => type === 'submission.progress').length, 2))
  assert.deepEqual(await other.soFar(), [])
})

test('the end of a run reaches every tab of its author and nobody else, and takes no place in the inbox', async () => {
  const ann = v7()
  const [one, two, other] = [await it.enter(ann), await it.enter(ann), await it.enter(v7())]
  const run = { runId: v7(), userId: ann, status: 'finished', outcome: 'exited', exitCode: 3 } as const
  await broadcast(runFinished.topic, { ...run, outcome: 'escaped' })
  await broadcast(runFinished.topic, run)
  const told = {
    type: 'run.finished',
    id: run.runId,
    status: 'finished',
    outcome: 'exited',
    code: 'RUN_FINISHED',
    params: { runId: run.runId, outcome: 'exited', exitCode: 3 },
    message: 'Your program came to its end (exit code 3)',
  }
  for (const tab of [one, two]) assert.deepEqual(await tab.heard('run.finished'), told)
  await broadcast(runFinished.topic, { ...run, status: 'fault', outcome: null, exitCode: null })
  await eventually(async () =>
    assert.deepEqual(
      (await one.soFar()).map(({ code }) => code),
      ['RUN_FINISHED', 'RUN_FAULT'],
    ),
  )
  assert.deepEqual(await other.soFar(), [])
  assert.equal((await it.call('GET /api/notifications', {}, { token: await it.token(ann) })).body.notifications.length, 0)
})

test('board changes reach who subscribed, until they unsubscribe; whether there is such a contest is not told', async () => {
  const contestId = v7()
  const [viewer, other] = [await it.enter(v7()), await it.enter(v7())]
  viewer.send({ type: 'subscribe', channel: `leaderboard:${contestId}` })
  assert.deepEqual(await viewer.heard('subscribed'), { type: 'subscribed', channel: `leaderboard:${contestId}` })
  const change = { contestId, revision: 2, previous: 1, cells: [], refetch: false }
  await broadcast(leaderboardChanged.topic, change)
  assert.deepEqual(await viewer.heard('leaderboard.changed'), { type: 'leaderboard.changed', ...change })
  viewer.send({ type: 'unsubscribe', channel: `leaderboard:${contestId}` })
  await viewer.soFar()
  await broadcast(leaderboardChanged.topic, { ...change, revision: 3 })
  assert.equal((await viewer.soFar()).length, 1)
  assert.deepEqual(await other.soFar(), [])
})

test('who follows the first rows of a board hears of those in few bytes, and of all rows again without `top`', async () => {
  const contestId = v7()
  const viewer = await it.enter(v7())
  const channel = `leaderboard:${contestId}`
  viewer.send({ type: 'subscribe', channel, top: 20 })
  await viewer.heard('subscribed')
  const row = { userId: v7(), name: 'Ann', school: 'GS', score: 2, penalty: 30, lastMinute: 20, cells: [] }
  const change = { contestId, revision: 2, previous: 1, refetch: false }
  await broadcast(leaderboardChanged.topic, {
    ...change,
    cells: [
      { ...row, rank: 4 },
      { ...row, userId: v7(), rank: 21 },
    ],
  })
  assert.deepEqual(await viewer.heard('moved'), {
    type: 'moved',
    board: contestId.slice(-12),
    p: 1,
    r: 2,
    rows: [[row.userId.slice(-12), 2, 30, 20, 4, [], [row.userId, 'Ann', 'GS']]],
  })
  viewer.send({ type: 'subscribe', channel })
  await eventually(() => assert.equal(viewer.messages.filter(({ type }) => type === 'subscribed').length, 2))
  await broadcast(leaderboardChanged.topic, { ...change, previous: 2, revision: 3, cells: [row] })
  assert.equal((await viewer.heard('leaderboard.changed')).revision, 3)
  viewer.send({ type: 'subscribe', channel, top: 0 })
  assert.equal((await viewer.closed).code, 1008)
})

test('a socket looks at no more than twenty boards', async () => {
  const tab = await it.enter(v7())
  for (let n = 0; n < 21; n++) tab.send({ type: 'subscribe', channel: `leaderboard:${v7()}` })
  assert.equal((await tab.heard('error')).code, 'TOO_MANY_REQUESTS')
  assert.equal(tab.messages.filter(({ type }) => type === 'subscribed').length, 20)
})

test('a contest’s moments reach who looks at it and who joined, each socket once', async () => {
  const ann = v7()
  const contest = await it.contest({ startsAt: at(600), endsAt: at(700) }, [ann])
  const { contestId, title } = contest
  const [joined, viewer, other] = [await it.enter(ann), await it.enter(v7()), await it.enter(v7())]
  for (const tab of [joined, viewer]) {
    tab.send({ type: 'subscribe', channel: `leaderboard:${contestId}` })
    await tab.heard('subscribed')
  }
  await it.publish(contestStarted, { contestId, title, at: at(600) })
  await it.publish(contestFrozen, { contestId, title, at: at(650) })
  await it.publish(contestUpdated, { ...contest, revision: 2, title: 'Renamed' })
  const moments = async (tab: typeof joined) => (await tab.soFar()).filter(({ type }) => type === 'contest.changed').map(({ moment }) => moment)
  for (const tab of [joined, viewer]) await eventually(async () => assert.deepEqual(await moments(tab), ['started', 'frozen', 'updated']))
  assert.equal((await joined.heard('notification')).code, 'CONTEST_STARTED')
  assert.ok(!(await viewer.soFar()).some(({ type }) => type === 'notification'))
  assert.deepEqual(await other.soFar(), [])
})

test('a socket that does not say who it is within five seconds is closed with 4408', async () => {
  const tab = it.dial()
  await tab.opened
  await eventually(async () => {
    it.clock.advance(seconds(5))
    assert.ok(tab.ws.readyState > 1)
  })
  assert.equal((await tab.closed).code, 4408)
})

test('a bad, foreign or expired token, and anything before a token, is 4401', async () => {
  const expired = await it.token(v7())
  it.clock.advance(minutes(11))
  const firsts = [
    { type: 'auth', token: 'nonsense' },
    { type: 'auth', token: `${(await it.token(v7())).slice(0, -8)}AAAAAAAA` },
    { type: 'auth', token: await it.serviceToken('user', 'any') },
    { type: 'auth', token: expired },
    { type: 'subscribe', channel: `leaderboard:${v7()}` },
    { type: 'ping' },
  ]
  for (const first of firsts) {
    const tab = it.dial()
    await tab.opened
    tab.send(first)
    assert.equal((await tab.closed).code, 4401, JSON.stringify(first).slice(0, 60))
    assert.deepEqual(tab.messages, [])
  }
})

test('what is not of the protocol closes with 1008, and a message too large with 1009', async () => {
  const says = async (what: string | Buffer) => {
    const tab = await it.enter(v7())
    tab.ws.send(what)
    return (await tab.closed).code
  }
  const wrong = ['not json', '[]', '{"type":"dance"}', '{"type":"ping","more":1}', '{"type":"resume","after":-1}', '{"type":"subscribe","channel":"users"}']
  for (const what of wrong) assert.equal(await says(what), 1008, what)
  assert.equal(await says(Buffer.from([1, 2, 3])), 1008, 'binary')
  assert.equal(await says(JSON.stringify({ type: 'auth', token: await it.token(v7()) })), 1008, 'auth twice')
  assert.equal(await says(JSON.stringify({ type: 'ping', more: 'x'.repeat(9_000) })), 1009)
})

test('a client that talks without end is closed', async () => {
  const tab = await it.enter(v7())
  for (let n = 0; n < 80; n++) tab.send({ type: 'ping' })
  assert.equal((await tab.closed).code, 1008)
})

test('a token’s expiry closes its socket with 4401 a few seconds later', async () => {
  const tab = await it.enter(v7())
  for (let passed = 0; passed < 600; passed += 20) {
    it.clock.advance(seconds(20)) // not at once: nobody answers heartbeats while time jumps
    await tab.soFar()
  }
  assert.deepEqual(await tab.soFar(), [], 'a moment of grace')
  it.clock.advance(seconds(4))
  assert.deepEqual(await tab.closed, { code: 4401, reason: 'TOKEN_EXPIRED' })
})

test('the end of a session closes its sockets alone, and its token opens none', async () => {
  const [ann, sessionId] = [v7(), v7()]
  const [gone, stays] = [await it.enter(ann, { sessionId }), await it.enter(ann)]
  await it.publish(sessionEnded, { userId: ann, sessionId })
  assert.equal((await gone.closed).code, 4403)
  assert.deepEqual(await stays.soFar(), [])
  const again = it.dial()
  await again.opened
  again.send({ type: 'auth', token: await it.token(ann, { sessionId }) })
  assert.equal((await again.closed).code, 4403)
})

test('a new role, a disabled account and sessions ended everywhere close with 4403; a new name does not', async () => {
  const changes = [
    { role: 'teacher', sessionsValidFrom: startsAt },
    { disabled: true, sessionsValidFrom: startsAt },
    { sessionsValidFrom: new Date(it.clock.now() + 5_000).toISOString() },
  ]
  for (const change of changes) {
    const ann = v7()
    await it.publish(userUpdated, user(ann))
    const tab = await it.enter(ann)
    await it.publish(userUpdated, user(ann, { revision: 2, name: 'New Name' }))
    await tab.soFar()
    await it.publish(userUpdated, user(ann, { revision: 3, ...change }))
    assert.equal((await tab.closed).code, 4403, JSON.stringify(change))
  }
})

test('a disabled account’s token opens no socket', async () => {
  const ann = v7()
  await it.publish(userUpdated, user(ann, { disabled: true }))
  const tab = it.dial()
  await tab.opened
  tab.send({ type: 'auth', token: await it.token(ann) })
  assert.equal((await tab.closed).code, 4403)
})

test('pages of other hosts are refused, the own page and programs are not', async () => {
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
    assert.equal(await it.dial({ headers: { origin } }).refused, 403, origin)
  }
  await it.dial({ headers: { origin: it.url.replace('ws:', 'http:').replace('/api/ws', '') } }).opened
  await it.dial().opened
})

test('a user has a bounded number of sockets; those that are there stay', async () => {
  const ann = v7()
  const tabs = await Promise.all(Array.from({ length: 30 }, () => it.enter(ann)))
  const tooMany = it.dial()
  await tooMany.opened
  tooMany.send({ type: 'auth', token: await it.token(ann) })
  assert.equal((await tooMany.closed).code, 1013)
  await tabs[0]?.soFar()
  for (const tab of tabs) tab.ws.close()
})

test('a peer that answers no ping is dropped, one that does is kept', async () => {
  const [lively, dead] = [await it.enter(v7()), await it.enter(v7())]
  dead.ws.pause() // no frame is read any more, so no pong is sent
  for (let beat = 1; beat <= 3; beat++) {
    const pings = lively.pings()
    it.clock.advance(seconds(25))
    await eventually(() => assert.ok(lively.pings() > pings))
    await lively.soFar()
  }
  dead.ws.resume()
  assert.equal((await dead.closed).code, 1006)
})

test('a peer that does not read is let go before it costs memory', async () => {
  const slow = await it.enter(v7())
  slow.send({ type: 'subscribe', channel: `leaderboard:${contestOfFlood}` })
  await slow.heard('subscribed')
  slow.ws.pause()
  const name = 'n'.repeat(5_000)
  const cells = [{ userId: v7(), name, school: '', score: 0, penalty: 0, lastMinute: 0, cells: [] }]
  for (let revision = 1; revision <= 2_000; revision++)
    await broadcast(leaderboardChanged.topic, { contestId: contestOfFlood, revision, previous: revision - 1, cells, refetch: false })
  await new Promise((resolve) => setImmediate(resolve))
  it.clock.advance(seconds(3))
  slow.ws.resume()
  const { code } = await slow.closed
  assert.ok(code === 1013 || code === 1006, `closed with ${code}`)
  assert.ok(slow.messages.length < 2_000)
})
const contestOfFlood = v7()

test('a replica that stops tells its sockets to come again', async () => {
  const other = await openArena()
  const tab = await other.enter(v7())
  const unknown = other.dial()
  await unknown.opened
  await other.stop()
  const { code, reason } = await tab.closed
  assert.equal(code, 1013)
  assert.ok(Number(/^retry (\d+)$/.exec(reason)?.[1]) <= 400, reason) // two sockets need no long spread
  assert.equal((await unknown.closed).code, 1013)
})

test('a socket that went while its token was verified counts no more', async () => {
  const userId = v7()
  const verified = Promise.withResolvers<void>()
  let asked = 0
  const caller = { kind: 'user', userId, role: 'student', name: 'Uwase', sessionId: v7(), expiresAt: Date.parse(at(20)) } as const
  const verify = async () => {
    asked += 1
    await verified.promise
    return { ok: true, value: caller } as const
  }
  const other = await openArena({ tokens: { verify } })
  try {
    const clients = Array.from({ length: limits.socketsPerUser }, () => other.dial())
    for (const client of clients) {
      await client.opened
      client.send({ type: 'auth', token: 'x' })
    }
    await eventually(() => assert.equal(asked, clients.length))
    for (const client of clients) client.ws.close()
    await Promise.all(clients.map((client) => client.closed))
    verified.resolve()
    const last = other.dial()
    await last.opened
    last.send({ type: 'auth', token: 'x' })
    await last.heard('ready')
  } finally {
    await other.stop()
  }
})

test('a part that does not answer is 1013, not a verdict on the token', async () => {
  const other = await openArena({ tokens: { verify: async () => ({ ok: false, error: 'UNAVAILABLE' }) } })
  const tab = other.dial()
  await tab.opened
  tab.send({ type: 'auth', token: 'whatever' })
  assert.equal((await tab.closed).code, 1013)
  await other.stop()
})

test('ping is answered with the server’s clock', async () => {
  const tab = await it.enter(v7())
  tab.send({ type: 'ping' })
  assert.equal((await tab.heard('pong')).serverNow, new Date(it.clock.now()).toISOString())
  it.clock.advance(ms(1))
})

test('where broadcasts may have been missed, sockets are told to come again, each in its own time', async () => {
  const lost: (() => void)[] = []
  const fanout = {
    broadcast: async () => undefined,
    async listen(_topic: string, { missed }: { missed?: () => void }) {
      if (missed) lost.push(missed)
      return { stop: async () => undefined }
    },
  }
  const arena = await openArena({ fanout })
  try {
    const tabs = [await arena.enter(v7()), await arena.enter(v7())]
    for (const tell of lost) tell()
    for (const tab of tabs) {
      const { code, reason } = await tab.closed
      assert.equal(code, 1013)
      assert.match(reason, /^retry \d+$/)
    }
  } finally {
    await arena.stop()
  }
})
