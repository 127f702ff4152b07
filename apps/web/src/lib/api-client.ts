/**
 * The one way to the server. Hides: the access token (in memory only), its renewal by the HttpOnly cookie, retries on a bad line, and the shape of
 * errors. Refresh tokens are good once and a second use ends the session, so renewal is single-flight in the page and exclusive across tabs.
 * What may not change: only GETs are repeated by themselves; anything else is repeated by its caller, who knows whether that is safe.
 */
import type { AllRoutes } from '#contracts/all'
import type { ErrorCode } from '#contracts/errors'
import type { RouteInput, RouteOutput } from '#contracts/route'
import type { User } from '#contracts/user'
import type { EarlyAnswer } from './early.ts'

export type RouteName = keyof AllRoutes
export type Answer<K extends RouteName> = RouteOutput<AllRoutes[K]>
type Input<K extends RouteName> = RouteInput<AllRoutes[K]>
export type CallOptions = {
  readonly signal?: AbortSignal
  /** A body as a form sends it (`a=b`), for the one route that mail programs call too. */
  readonly form?: string
  /** Sent under this account or not at all: who is logged in may change while a token is renewed. */
  readonly onlyAs?: string
}
type CallArgs<K extends RouteName> = unknown extends Input<K> ? [input?: undefined, options?: CallOptions] : [input: Input<K>, options?: CallOptions]

/** `NETWORK`: no answer came. Every other code is the contract's. */
export type ApiCode = ErrorCode | 'NETWORK'

export class ApiError extends Error {
  readonly code: ApiCode
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
  readonly requestId: string | undefined
  constructor(
    code: ApiCode,
    message: string,
    rest: { status?: number; details?: Readonly<Record<string, unknown>>; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: rest.cause })
    this.name = 'ApiError'
    this.code = code
    this.status = rest.status ?? 0
    this.details = rest.details ?? {}
    this.requestId = rest.requestId
  }
  /** Whether the server may have taken the request all the same: no answer, or one from something in between. */
  get isAmbiguous(): boolean {
    return this.code === 'NETWORK' || this.status >= 500
  }
}

export type ApiDeps = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** In [0, 1). */
  readonly random: () => number
  /** Runs `work` while no other tab runs its own. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>
  /** Whether this browser has a session cookie, as far as we know (the cookie itself cannot be seen). */
  readonly hint: { readonly get: () => boolean; readonly set: (has: boolean) => void }
  readonly onUser: (user: User | undefined) => void
  /** The server ended the session, and why; logging out oneself is not told. Who was logged in is not called off by this: the page may ask them to log in again. */
  readonly onSessionOver: (code: SessionOverCode) => void
  /** The page waits for a login to go on with what it shows: nothing is asked for as nobody meanwhile. */
  readonly isWaitingForLogin?: () => boolean
  /** Answers read before, for reading them again without a line. */
  readonly kept?: KeptReads
  /** What the page asked for before this program had come; each is given once. */
  readonly early?: { readonly session: () => Promise<unknown>; readonly answer: (path: string) => Promise<EarlyAnswer | undefined> }
  readonly onServerNow: (serverNow: string, sentAt: number, receivedAt: number) => void
  readonly onReachable: (reachable: boolean) => void
}

export type KeptReads = {
  /** Called with each answer that came for somebody logged in. */
  readonly write: (path: string, userId: string, answer: KeptAnswer) => void
  readonly read: (path: string) => Promise<KeptAnswer | undefined>
}
/** `etag`: with it the server says that the answer is still the same instead of sending it again. */
export type KeptAnswer = { readonly body: unknown; readonly etag: string | undefined }

export type Api = {
  readonly call: <K extends RouteName>(key: K, ...args: CallArgs<K>) => Promise<Answer<K>>
  /** A token good for at least 15 s more, renewed when needed; undefined: nobody is logged in. */
  readonly accessToken: (options?: { readonly renew: boolean }) => Promise<string | undefined>
  readonly login: (body: Input<'POST /api/login'>['body']) => Promise<User>
  readonly logout: () => Promise<void>
  /** Another tab logged out, or the server ended the session. */
  readonly forget: () => void
}

/** `before`: the answer of an earlier time. */
type SendOptions = CallOptions & { readonly before?: Promise<KeptAnswer | undefined> }
type Loose = {
  readonly params?: Record<string, unknown>
  readonly query?: Record<string, unknown>
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

const marginMs = 15_000
const timeoutMs = 30_000
const getTries = 4
/** Of what can be shown from before: then a line that hangs is not waited for. */
const keptGetTries = 2
const keptTimeoutMs = 8_000
const openMs = 150
const sessionOverCodes = ['REFRESH_INVALID', 'REFRESH_REUSED', 'ACCOUNT_DISABLED'] as const
export type SessionOverCode = (typeof sessionOverCodes)[number]

/** `/api/x/:id` with its params and query filled in. */
export function pathOf(key: string, input: Pick<Loose, 'params' | 'query'> = {}): string {
  const path = key.slice(key.indexOf(' ') + 1).replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input.params?.[name])))
  const query = Object.entries(input.query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  return query.length === 0 ? path : `${path}?${query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`
}

/** The error an answer carries; bodies that are not ours (a proxy's page) become UNAVAILABLE or INTERNAL. */
export function errorOf(status: number, body: unknown): ApiError {
  const error = (body as { error?: { code?: string; message?: string; details?: Record<string, unknown>; requestId?: string } } | undefined)?.error
  if (typeof error?.code !== 'string') return new ApiError(status >= 502 && status <= 504 ? 'UNAVAILABLE' : 'INTERNAL', `HTTP ${status}`, { status })
  return new ApiError(error.code as ErrorCode, error.message ?? error.code, {
    status,
    ...(error.details && { details: error.details }),
    ...(error.requestId && { requestId: error.requestId }),
  })
}

/** Full jitter: between half of and the whole of `base · 2^attempt`, at most `capMs`. */
export const backOffMs = (attempt: number, random: number, baseMs = 400, capMs = 15_000) =>
  Math.round(Math.min(capMs, baseMs * 2 ** attempt) * (0.5 + random / 2))

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the closure is the object; its functions are short and share the token
export function createApi(deps: ApiDeps): Api {
  let token: { readonly value: string; readonly expiresAt: number; readonly userId: string } | undefined
  let renewing: Promise<void> | undefined

  const keep = (answer: Answer<'POST /api/login'>) => {
    token = { value: answer.accessToken, expiresAt: deps.now() + answer.expiresIn * 1000, userId: answer.user.id }
    deps.hint.set(true)
    deps.onUser(answer.user)
  }
  const forget = () => {
    token = undefined
    deps.hint.set(false)
    deps.onUser(undefined)
  }

  /** A slow phone takes half a second to open its database: then the whole answer is asked for, and not whether an older one still holds. */
  const atHand = (before: SendOptions['before']) => before && Promise.race([before, deps.sleep(openMs).then(() => undefined)])

  async function sendOnce(key: string, input: Loose, bearer: string | undefined, options: SendOptions): Promise<KeptAnswer> {
    const before = await atHand(options.before)
    const sentAt = deps.now()
    const headers: Record<string, string> = { accept: 'application/json', ...input.headers }
    if (input.body !== undefined) headers['content-type'] = 'application/json'
    if (options.form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded'
    if (bearer) headers.authorization = `Bearer ${bearer}`
    if (before?.etag) headers['if-none-match'] = before.etag
    const { response, body } = await fetchWithLimit(key, input, headers, options)
    deps.onReachable(true)
    const isSame = response.status === 304 && before !== undefined
    if (!response.ok && !isSame) throw errorOf(response.status, body)
    const serverNow = isSame ? response.headers.get('x-server-now') : (body as { serverNow?: unknown } | undefined)?.serverNow
    if (typeof serverNow !== 'string') return isSame ? before : { body, etag: etagOf(response) }
    deps.onServerNow(serverNow, sentAt, deps.now())
    return isSame ? { ...before, body: { ...(before.body as object), serverNow } } : { body, etag: etagOf(response) }
  }

  async function fetchWithLimit(key: string, input: Loose, headers: Record<string, string>, options: SendOptions) {
    const limit = new AbortController()
    const giveUp = () => limit.abort()
    let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(giveUp, timeoutMs)
    void options.before?.then((before) => {
      if (before === undefined || timer === undefined) return
      clearTimeout(timer)
      timer = setTimeout(giveUp, keptTimeoutMs)
    })
    options.signal?.addEventListener('abort', giveUp)
    try {
      const init: RequestInit = {
        method: key.slice(0, key.indexOf(' ')),
        headers,
        credentials: 'same-origin',
        signal: limit.signal,
        ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
        ...(options.form !== undefined && { body: options.form }),
      }
      const response = await deps.fetch(pathOf(key, input), init)
      const text = await response.text()
      return { response, body: parsed(text) }
    } catch (cause) {
      if (options.signal?.aborted) throw cause
      deps.onReachable(false)
      throw new ApiError('NETWORK', 'The arena cannot be reached.', { cause })
    } finally {
      clearTimeout(timer)
      timer = undefined
      options.signal?.removeEventListener('abort', giveUp)
    }
  }

  async function send(key: string, input: Loose, bearer: string | undefined, options: SendOptions): Promise<KeptAnswer> {
    const tries = key.startsWith('GET ') ? getTries : 1
    for (let attempt = 0; ; attempt++) {
      try {
        return await sendOnce(key, input, bearer, options)
      } catch (error) {
        const mayPass = error instanceof ApiError && (error.code === 'NETWORK' || error.code === 'UNAVAILABLE')
        if (!mayPass || attempt + 1 >= tries) throw error
        if (attempt + 1 >= keptGetTries && (await options.before) !== undefined) throw error
        await deps.sleep(backOffMs(attempt, deps.random()))
      }
    }
  }

  async function renew(): Promise<void> {
    await deps.exclusive(async () => {
      const early = await deps.early?.session()
      if (early !== undefined) return keep(early as Answer<'POST /api/refresh'>)
      if (!deps.hint.get()) return forget()
      try {
        keep((await send('POST /api/refresh', { body: {} }, undefined, {})).body as Answer<'POST /api/refresh'>)
      } catch (error) {
        const over = sessionOverCodes.find((code) => error instanceof ApiError && error.code === code)
        if (!over) throw error
        token = undefined
        deps.onSessionOver(over)
      }
    })
  }

  async function accessToken(options = { renew: false }): Promise<string | undefined> {
    if (options.renew && !renewing) token = undefined
    if (token && token.expiresAt - deps.now() > marginMs) return token.value
    if (!token && !deps.hint.get() && !renewing) return undefined
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    await renewing
    return token?.value
  }

  async function callOnLine(key: string, input: Loose, options: SendOptions): Promise<KeptAnswer> {
    const bearer = await accessToken()
    const early = key.startsWith('GET ') && bearer ? await deps.early?.answer(pathOf(key, input)) : undefined
    if (early) return taken(early)
    if (bearer === undefined && deps.isWaitingForLogin?.()) throw loginNeeded()
    assertSender(options)
    try {
      return await send(key, input, bearer, options)
    } catch (error) {
      const expired = error instanceof ApiError && (error.code === 'TOKEN_EXPIRED' || error.code === 'UNAUTHENTICATED')
      if (!expired || !bearer) throw error
      // Another call may have renewed it meanwhile: then that token is taken.
      const renewed = await accessToken({ renew: token?.value === bearer })
      if (!renewed) throw error
      assertSender(options)
      return send(key, input, renewed, options)
    }
  }
  function taken({ body, sentAt, receivedAt }: EarlyAnswer): KeptAnswer {
    if (typeof body.serverNow === 'string') deps.onServerNow(body.serverNow, sentAt, receivedAt)
    return { body, etag: undefined }
  }
  function assertSender({ onlyAs }: CallOptions): void {
    if (onlyAs !== undefined && token?.userId !== onlyAs) throw loginNeeded()
  }

  /** Without a line, what was read before is better than nothing; it is asked for again when the line is back. */
  async function call<K extends RouteName>(key: K, ...[input, options = {}]: CallArgs<K>): Promise<Answer<K>> {
    const loose = (input ?? {}) as Loose
    if (!key.startsWith('GET ') || !deps.kept) return (await callOnLine(key, loose, options)).body as Answer<K>
    const path = pathOf(key, loose)
    const before = deps.kept.read(path)
    try {
      const answer = await callOnLine(key, loose, { ...options, before })
      if (token) deps.kept.write(path, token.userId, answer)
      return answer.body as Answer<K>
    } catch (error) {
      const earlier = error instanceof ApiError && error.isAmbiguous ? await before : undefined
      if (earlier === undefined) throw error
      return earlier.body as Answer<K>
    }
  }

  return {
    call,
    accessToken,
    async login(body) {
      const answer = (await send('POST /api/login', { body }, undefined, {})).body as Answer<'POST /api/login'>
      keep(answer)
      return answer.user
    },
    async logout() {
      try {
        await send('POST /api/logout', { body: {} }, token?.value, {})
      } finally {
        forget()
      }
    },
    forget,
  }
}

const etagOf = (response: Response) => response.headers.get('etag') ?? undefined
const loginNeeded = () => new ApiError('UNAUTHENTICATED', 'Log in first.', { status: 401 })

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
