/**
 * A client of a running arena over real sockets: typed calls by the contract's keys, raw answers for what must be refused, and a WebSocket that keeps all
 * it heard. Every answer's bytes are kept in `heard` when a test asks for it, so that a leak anywhere is found by one search.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import WebSocket from 'ws'
import { type AllRoutes, allRoutes } from '#contracts/all'
import type { NewContest, NewProblem } from '#contracts/contest'
import type { ServerMessage } from '#contracts/notifications'
import type { RouteInput, RouteKey, RouteOutput, RouteSpec } from '#contracts/route'
import type { NewRun, Run } from '#contracts/runs'
import type { Submission, Submit } from '#contracts/submission'
import type { User } from '#contracts/user'
import { eventually } from './eventually.ts'

type Loose = { params?: Record<string, unknown>; query?: Record<string, unknown>; headers?: Record<string, string>; body?: unknown }
export type Key = keyof AllRoutes & RouteKey
export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string; readonly body: any }

export function openArenaClient(url: () => string) {
  let token = ''
  let user: User | undefined
  const heard: string[] = []

  /** Any bytes to any path. */
  async function raw(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
  ): Promise<Answer> {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    heard.push(`${JSON.stringify([...response.headers])}\n${text}`)
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }

  /** A route by its key with any input, right or wrong. */
  function call<K extends Key>(key: K, input: RouteInput<AllRoutes[K]> | Loose = {}): Promise<Answer> {
    const [method = '', pattern = ''] = key.split(' ')
    const { params, query, headers, body } = input as Loose
    const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
    const search = new URLSearchParams(Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)])).toString()
    return raw(method, search ? `${path}?${search}` : path, {
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** A route that must succeed. */
  async function ok<K extends Key>(key: K, input: RouteInput<AllRoutes[K]> | Loose = {}): Promise<RouteOutput<AllRoutes[K]>> {
    const answer = await call(key, input)
    const [expected] = (allRoutes as Record<string, RouteSpec>)[key]?.ok ?? [200]
    assert.equal(answer.status, expected, `${key} answered ${answer.status} ${answer.text.slice(0, 600)}`)
    return answer.body as RouteOutput<AllRoutes[K]>
  }
  const as = (session: { accessToken: string; user: User }) => {
    token = session.accessToken
    user = session.user
  }

  const client = {
    raw,
    call,
    ok,
    heard,
    password: `pw-${randomBytes(9).toString('base64url')}`,
    get token() {
      return token
    },
    set token(value: string) {
      token = value
    },
    get user(): User {
      assert.ok(user, 'nobody is logged in')
      return user
    },
    /** A new student, logged in. */
    async register({ name = 'A Student', school = 'Test School' }: { name?: string; school?: string } = {}) {
      const username = `u-${randomBytes(6).toString('hex')}`
      await ok('POST /api/register', { body: { username, password: client.password, name, school } })
      return client.login(username, client.password)
    },
    async login(username: string, password: string) {
      client.password = password
      as(await ok('POST /api/login', { body: { username, password } }))
      return client
    },
    async createProblem(problem: NewProblem): Promise<string> {
      return (await ok('POST /api/problems', { body: problem })).problem.id
    },
    async createContest(contest: Partial<NewContest> & Pick<NewContest, 'problems'>) {
      const body = { title: 'A contest', subject: 'mixed', format: 'points', timing: 'untimed', ...contest } as NewContest
      return (await ok('POST /api/contests', { body })).contest
    },
    /** Joins; resolves when the submission service has heard of it, so that submitting is allowed. */
    async join(contestId: string) {
      return (await ok('POST /api/contests/:id/register', { params: { id: contestId } })).contest
    },
    /** @returns the id. Waits out the moment in which the submission service has not heard of a contest, problem or registration that is brand new. */
    async submit(body: Submit, idempotencyKey?: string): Promise<string> {
      const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      return eventually(async () => {
        const answer = await call('POST /api/submit', { body, headers })
        assert.equal(answer.status, 202, `submit answered ${answer.status} ${answer.text.slice(0, 600)}`)
        return answer.body.id as string
      })
    },
    /** Polls until the submission is judged (or a fault), as a client without a socket would. */
    async waitForVerdict(id: string, deadlineMs = 30_000): Promise<Submission> {
      return eventually(async () => {
        const { submission } = await ok('GET /api/submissions/:id', { params: { id } })
        assert.ok(submission.status === 'judged' || submission.status === 'fault', `submission ${id} is ${submission.status}`)
        return submission
      }, deadlineMs)
    },
    /** Hands in and waits for the verdict. */
    async judged(body: Submit, deadlineMs = 30_000): Promise<Submission> {
      return client.waitForVerdict(await client.submit(body), deadlineMs)
    },
    /** Asks for a run. @returns its id. Waits out a run of the same user that is still at work. */
    async tryInput(body: NewRun): Promise<string> {
      return eventually(async () => {
        const answer = await call('POST /api/runs', { body })
        assert.equal(answer.status, 202, `the run was answered ${answer.status} ${answer.text.slice(0, 600)}`)
        return answer.body.id as string
      })
    },
    /** Polls until the run is over, as a client without a socket would. */
    async waitForRun(id: string, deadlineMs = 30_000): Promise<Run> {
      return eventually(async () => {
        const { run } = await ok('GET /api/runs/:id', { params: { id } })
        assert.notEqual(run.status, 'queued', `run ${id} waits`)
        return run
      }, deadlineMs)
    },
    /** Asks for a run and waits for its end. */
    async tried(body: NewRun, deadlineMs = 30_000): Promise<Run> {
      return client.waitForRun(await client.tryInput(body), deadlineMs)
    },
    /** A socket that has said who it is. */
    async socket(): Promise<ArenaSocket> {
      const socket = await openArenaSocket(url())
      socket.send({ type: 'auth', token })
      await socket.waitFor((message) => message.type === 'ready')
      return socket
    },
  }
  return client
}
export type ArenaClient = ReturnType<typeof openArenaClient>

/** Opens a socket and keeps all it hears, with the time it came (epoch ms). */
export async function openArenaSocket(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { headers })
  const messages: { at: number; message: ServerMessage }[] = []
  const texts: string[] = []
  let closed: { code: number; reason: string } | undefined
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    texts.push(text)
    messages.push({ at: Date.now(), message: JSON.parse(text) })
  })
  socket.on('error', () => {}) // followed by close
  socket.on('close', (code: number, reason: Buffer) => {
    closed = { code, reason: reason.toString() }
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    messages,
    /** As they came over the wire. */
    texts,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    /** The first message that fits, also among those that came already. */
    waitFor: <M extends ServerMessage = ServerMessage>(fits: (message: ServerMessage) => boolean, deadlineMs = 10_000): Promise<{ at: number; message: M }> =>
      eventually(() => {
        const found = messages.find(({ message }) => fits(message))
        assert.ok(found, `no such message among ${texts.slice(-5).join('\n')}${closed ? `; closed with ${closed.code} ${closed.reason}` : ''}`)
        return found as { at: number; message: M }
      }, deadlineMs),
    subscribe: (contestId: string) => socket.send(JSON.stringify({ type: 'subscribe', channel: `leaderboard:${contestId}` })),
    /** How the server closed it. */
    closed: (deadlineMs = 10_000) =>
      eventually(() => {
        assert.ok(closed, 'the socket is still open')
        return closed
      }, deadlineMs),
    close: () => socket.terminate(),
  }
}
export type ArenaSocket = Awaited<ReturnType<typeof openArenaSocket>>
