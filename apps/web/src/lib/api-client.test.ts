import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ApiDeps, ApiError, backOffMs, createApi, type KeptAnswer, type KeptReads, pathOf } from './api-client.ts'

const user = { id: 'u', name: 'Ada', school: '', role: 'student', language: 'en' }
const json = (status: number, body: unknown) => new Response(body === undefined ? null : JSON.stringify(body), { status })
const refused = (status: number, code: string) => json(status, { error: { code, message: code, requestId: 'r1' } })

/** An api on a scripted server: `answer` gets `METHOD path` and the token sent. */
function setUp(answer: (request: string, token: string | undefined) => Response | Promise<Response>, hasSession = true, more: Partial<ApiDeps> = {}) {
  const seen: string[] = []
  const sent: string[] = []
  const slept: number[] = []
  const users: (string | undefined)[] = []
  const ended: string[] = []
  let has = hasSession
  let now = 0
  const api = createApi({
    async fetch(url, init) {
      const token = (init.headers as Record<string, string>).authorization?.slice(7)
      seen.push(`${init.method} ${url}`)
      if (init.body) sent.push(`${(init.headers as Record<string, string>)['content-type']} ${init.body}`)
      return answer(`${init.method} ${url}`, token)
    },
    now: () => now,
    sleep: async (ms) => void slept.push(ms),
    random: () => 1,
    exclusive: (work) => work(),
    hint: {
      get: () => has,
      set: (next) => {
        has = next
      },
    },
    onUser: (next) => users.push(next?.name),
    onSessionOver(code) {
      ended.push(code)
      has = false
    },
    onServerNow: () => undefined,
    onReachable: () => undefined,
    ...more,
  })
  return {
    api,
    seen,
    sent,
    slept,
    users,
    ended,
    hint: () => has,
    advance: (ms: number) => {
      now += ms
    },
  }
}

test('a path takes its params and query, and leaves out what is not given', () => {
  assert.equal(pathOf('GET /api/contests/:id', { params: { id: 'a/b' } }), '/api/contests/a%2Fb')
  assert.equal(pathOf('GET /api/contests', { query: { mine: true, subject: undefined, limit: 5 } }), '/api/contests?mine=true&limit=5')
})

test('many calls at page load share one refresh', async () => {
  const { api, seen } = setUp((request, token) =>
    request === 'POST /api/refresh' ? json(200, { accessToken: 't1', expiresIn: 600, user }) : json(200, { token }),
  )
  const answers = await Promise.all([api.call('GET /api/me'), api.call('GET /api/me'), api.call('GET /api/languages')])
  assert.equal(seen.filter((each) => each === 'POST /api/refresh').length, 1)
  assert.deepEqual(
    answers.map((each) => (each as unknown as { token: string }).token),
    ['t1', 't1', 't1'],
  )
})

test('an expired token is renewed once and the call repeated', async () => {
  let issued = 0
  const { api, seen } = setUp((request, token) => {
    if (request === 'POST /api/refresh') return json(200, { accessToken: `t${++issued}`, expiresIn: 600, user })
    return token === 't2' ? json(200, { user }) : refused(401, 'TOKEN_EXPIRED')
  })
  await api.call('GET /api/me')
  assert.deepEqual(seen, ['POST /api/refresh', 'GET /api/me', 'POST /api/refresh', 'GET /api/me'])
})

test('two calls refused together renew once, not twice: a second use would end the session', async () => {
  let issued = 0
  const { api, seen } = setUp((request, token) => {
    if (request === 'POST /api/refresh') return json(200, { accessToken: `t${++issued}`, expiresIn: 600, user })
    return token === 't1' ? refused(401, 'UNAUTHENTICATED') : json(200, { user })
  })
  await Promise.all([api.call('GET /api/me'), api.call('GET /api/me')])
  assert.equal(seen.filter((each) => each === 'POST /api/refresh').length, 2)
})

test('a token about to expire is renewed before the call', async () => {
  let issued = 0
  const { api, seen, advance } = setUp((request) =>
    request === 'POST /api/refresh' ? json(200, { accessToken: `t${++issued}`, expiresIn: 600, user }) : json(200, { user }),
  )
  await api.call('GET /api/me')
  advance(590_000)
  await api.call('GET /api/me')
  assert.equal(issued, 2)
  assert.equal(seen.length, 4)
})

test('a session that is over is told, and the call goes on as anybody', async () => {
  const { api, users, hint, seen, ended } = setUp((request) =>
    request === 'POST /api/refresh' ? refused(401, 'REFRESH_INVALID') : json(200, { contests: [] }),
  )
  await api.call('GET /api/contests', { query: {} })
  assert.deepEqual(ended, ['REFRESH_INVALID'])
  assert.deepEqual(users, [], 'the page decides what becomes of who was logged in')
  assert.equal(hint(), false)
  assert.equal(seen.length, 2)
})

test('no session, no refresh: a first visitor pays for no failing request', async () => {
  const { api, seen } = setUp(() => json(200, { contests: [] }), false)
  await api.call('GET /api/contests', { query: {} })
  assert.deepEqual(seen, ['GET /api/contests'])
})

test('a lost line during refresh does not log out', async () => {
  const { api, hint } = setUp(() => {
    throw new TypeError('failed to fetch')
  })
  await assert.rejects(api.call('GET /api/me'), (error) => error instanceof ApiError && error.code === 'NETWORK')
  assert.equal(hint(), true)
})

test('a GET is tried again with growing pauses; a POST never by itself', async () => {
  let failures = 2
  const { api, slept, seen } = setUp(() => {
    if (failures-- > 0) throw new TypeError('failed to fetch')
    return json(200, { contests: [] })
  }, false)
  await api.call('GET /api/contests', { query: {} })
  assert.deepEqual(slept, [400, 800])
  const bad = setUp(() => {
    throw new TypeError('failed to fetch')
  }, false)
  await assert.rejects(
    bad.api.call('POST /api/submit', { headers: {}, body: { problemId: 'p', answer: { value: '1' } } }),
    (error) => error instanceof ApiError && error.isAmbiguous,
  )
  assert.equal(bad.seen.length, 1)
  assert.equal(seen.length, 3)
})

test("a proxy's error page becomes a code of ours", async () => {
  const { api } = setUp(() => new Response('<h1>bad gateway</h1>', { status: 502 }), false)
  await assert.rejects(api.call('POST /api/logout', { body: {} }), (error) => error instanceof ApiError && error.code === 'UNAVAILABLE' && error.status === 502)
})

test('the code, details and request id of a refusal reach the page', async () => {
  const { api } = setUp(() => json(409, { error: { code: 'NO_ATTEMPTS_LEFT', message: 'x', details: { limit: 3 }, requestId: 'r9' } }), false)
  await assert.rejects(api.call('POST /api/submit', { headers: {}, body: { problemId: 'p', answer: { value: '1' } } }), (error) => {
    assert.ok(error instanceof ApiError)
    assert.deepEqual([error.code, error.details.limit, error.requestId, error.isAmbiguous], ['NO_ATTEMPTS_LEFT', 3, 'r9', false])
    return true
  })
})

test('pauses stay under their cap', () => {
  assert.equal(backOffMs(20, 1), 15_000)
  assert.equal(backOffMs(0, 0), 200)
})

test('a form is sent as a form, as mail programs send it', async () => {
  const { api, seen, sent } = setUp(() => json(200, { kind: 'results', mail: 'off' }), false)
  await api.call('POST /api/notifications/unsubscribe', { query: { token: 'a.b' } }, { form: 'List-Unsubscribe=One-Click' })
  assert.deepEqual(seen, ['POST /api/notifications/unsubscribe?token=a.b'])
  assert.deepEqual(sent, ['application/x-www-form-urlencoded List-Unsubscribe=One-Click'])
})

const session = (id = 'u') => ({ accessToken: `t-${id}`, expiresIn: 600, user: { ...user, id } })

test('while the page waits for a login, nothing is asked for as nobody', async () => {
  let isOver = false
  const { api, seen } = setUp(() => refused(401, 'REFRESH_REUSED'), true, {
    onSessionOver: () => {
      isOver = true
    },
    isWaitingForLogin: () => isOver,
  })
  await assert.rejects(api.call('GET /api/contests', { query: {} }), { status: 401 })
  assert.deepEqual(seen, ['POST /api/refresh'])
})

test('what one person made is never sent as another, whoever the renewed token belongs to', async () => {
  const { api, seen } = setUp((request) => (request === 'POST /api/refresh' ? json(200, session('stranger')) : json(202, { id: 's' })))
  const body = { problemId: 'p', answer: { value: '1' } }
  await assert.rejects(api.call('POST /api/submit', { headers: {}, body }, { onlyAs: 'u' }), { status: 401 })
  assert.deepEqual(seen, ['POST /api/refresh'])
  assert.deepEqual(await api.call('POST /api/submit', { headers: {}, body }, { onlyAs: 'stranger' }), { id: 's' })
})

/** Answers of before, by path. */
function keptReads() {
  const map = new Map<string, KeptAnswer & { readonly userId: string }>()
  const kept: KeptReads = { read: async (path) => map.get(path), write: (path, userId, answer) => void map.set(path, { ...answer, userId }) }
  return { map, kept }
}

test('without a line a read is answered from before, after fewer tries; a refusal is not', async () => {
  const { map, kept } = keptReads()
  let answer: () => Response = () => json(200, { languages: [] })
  const { api, slept } = setUp((request) => (request === 'POST /api/refresh' ? json(200, session()) : answer()), true, { kept })
  await api.call('GET /api/languages')
  assert.deepEqual([...map], [['/api/languages', { body: { languages: [] }, etag: undefined, userId: 'u' }]])
  answer = () => {
    throw new TypeError('Failed to fetch')
  }
  assert.deepEqual(await api.call('GET /api/languages'), { languages: [] })
  // the others are short waits for what was kept
  assert.equal(slept.filter((ms) => ms > 150).length, 1)
  await assert.rejects(api.call('GET /api/contests', { query: {} }), { code: 'NETWORK' })
  answer = () => refused(404, 'NOT_FOUND')
  await assert.rejects(api.call('GET /api/languages'), { code: 'NOT_FOUND' })
})

test('a database that takes its time keeps nobody waiting', async () => {
  const { kept } = keptReads()
  let open: (nothing: undefined) => void = () => undefined
  const opening = new Promise<undefined>((resolve) => (open = resolve))
  const { api } = setUp((request) => (request === 'POST /api/refresh' ? json(200, session()) : json(200, { languages: [] })), true, {
    kept: { ...kept, read: () => opening },
  })
  assert.deepEqual(await api.call('GET /api/languages'), { languages: [] })
  open(undefined)
})

test('what nobody in particular read is not kept', async () => {
  const { map, kept } = keptReads()
  const { api } = setUp(() => json(200, { contests: [] }), false, { kept })
  await api.call('GET /api/contests', { query: {} })
  assert.equal(map.size, 0)
})

test('an answer that is still the same is not sent again, and its time is the server’s of now', async () => {
  const { map, kept } = keptReads()
  const heard: string[] = []
  let isSame = false
  const { api } = setUp(
    (request) => {
      if (request === 'POST /api/refresh') return json(200, session())
      if (!isSame) return new Response(JSON.stringify({ contests: ['one'], serverNow: '1' }), { headers: { etag: 'W/"a"' } })
      return new Response(null, { status: 304, headers: { etag: 'W/"a"', 'x-server-now': '2' } })
    },
    true,
    { kept, onServerNow: (now) => heard.push(now) },
  )
  const read = () => api.call('GET /api/contests', { query: {} })
  await read()
  isSame = true
  assert.deepEqual(await read(), { contests: ['one'], serverNow: '2' })
  assert.deepEqual(heard, ['1', '2'])
  assert.equal(map.get('/api/contests')?.etag, 'W/"a"')
})

test('what the page asked for early is taken instead of being asked for again', async () => {
  const heard: number[] = []
  const { api, seen, users } = setUp(() => json(200, { contests: [] }), true, {
    early: {
      session: async () => session(),
      answer: async (path) => (path === '/api/contests/c' ? { path, body: { contest: 1, serverNow: '1' } as never, sentAt: 3, receivedAt: 5 } : undefined),
    },
    onServerNow: (_, sentAt, receivedAt) => heard.push(sentAt, receivedAt),
  })
  assert.deepEqual(await api.call('GET /api/contests/:id', { params: { id: 'c' }, query: {} }), { contest: 1, serverNow: '1' })
  await api.call('GET /api/contests', { query: {} })
  assert.deepEqual([seen, users, heard], [['GET /api/contests'], ['Ada'], [3, 5]])
})
