import type { FastifyInstance } from 'fastify'
import { request } from 'undici'
import { type AllRoutes, allRoutes, routesOf, type ServiceName } from '#contracts/all'
import type { ApiFailure, ErrorCode } from '#contracts/errors'
import type { RouteInput, RouteKey, RouteOutput, RouteSpec } from '#contracts/route'
import { fail, ok, type Result } from '#kernel/result'
import { refuseInTransaction } from '#ports/transaction-scope'
import { openReach } from './reach.ts'
import { scope } from './scope.ts'
import type { ServiceTokens } from './service-tokens.ts'

/**
 * Calls between services, typed by the route's key. A peer hosted in this process is called through `inject`, another over HTTP (`http://host:port`, or
 * `unix:/path` on one machine); the answers are equal to the byte. Every call has a deadline, so a neighbour's failure is an `UNAVAILABLE`, never a hang.
 */
export type PeerFailure = ApiFailure<ErrorCode> & {
  /** For the log only; it may name addresses of ours. */
  readonly cause?: string
}
export type Peers = {
  /** `token`: the access token of the user on whose behalf it is asked; without one it is asked as a service, or as anybody. */
  call<K extends keyof AllRoutes & RouteKey>(
    key: K,
    input: RouteInput<AllRoutes[K]>,
    options?: { deadlineMs?: number; token?: string },
  ): Promise<Result<RouteOutput<AllRoutes[K]>, PeerFailure>>
  /** For routes that answer bytes; the stream breaks off with an error past the deadline. */
  stream<K extends keyof AllRoutes & RouteKey>(
    key: K,
    input: RouteInput<AllRoutes[K]>,
    options?: { deadlineMs?: number },
  ): Promise<Result<AsyncIterable<Uint8Array>, PeerFailure>>
  close(): Promise<void>
}

const defaultDeadlineMs = 5_000
type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; headers?: Record<string, string> }
type Key = keyof AllRoutes & RouteKey
type Sending = { key: Key; target: FastifyInstance | string; parts: Parts; deadlineMs: number }
type Attempt<T> = { deadlineMs: number; read: (body: Answer['body']) => Promise<T> }
type Answer = { status: number; body: AsyncIterable<Uint8Array> | Uint8Array }

export function openPeers(options: {
  /** Services hosted here; asked at call time, since they start one after another. */
  hosted: (service: ServiceName) => FastifyInstance | undefined
  urls: Readonly<Partial<Record<ServiceName, string>>>
  tokens: ServiceTokens
}): Peers {
  const reach = openReach()

  const send = async ({ key, target, parts, deadlineMs }: Sending): Promise<Answer> => {
    const spec: RouteSpec = allRoutes[key]
    const [method, pattern] = key.split(' ') as ['GET', string]
    const { traceparent } = scope()
    const headers: Record<string, string> = { ...(traceparent === undefined ? {} : { traceparent }), ...parts.headers }
    if (spec.access === 'service') headers.authorization = `Bearer ${await options.tokens.issue(spec.scope ?? '')}`
    if (parts.body !== undefined) headers['content-type'] = 'application/json'
    const path = fillPath(pattern, parts.params ?? {}) + queryText(parts.query ?? {})
    const body = parts.body === undefined ? null : JSON.stringify(parts.body)
    if (typeof target !== 'string') {
      const answer = await withDeadline(target.inject({ method, url: path, headers, ...(body === null ? {} : { payload: body }) }), deadlineMs)
      return { status: answer.statusCode, body: answer.rawPayload }
    }
    const { url, options: how } = reach.to(target, path)
    const answer = await request(url, { method, headers, body, signal: AbortSignal.timeout(deadlineMs), ...how })
    return { status: answer.statusCode, body: answer.body }
  }

  /** What cannot be sent is our mistake and throws; what is not answered is the peer's failure and a value. */
  const attempt = async <T>(key: Key, input: Parts, { deadlineMs, read }: Attempt<T>): Promise<Result<T, PeerFailure>> => {
    refuseInTransaction(`the peer call ${key}`)
    const service = serviceOf(key)
    const target = options.hosted(service) ?? options.urls[service]
    if (!target) throw new Error(`no address for the service ${service}: it is not hosted here and ARENA_PEER_${service.toUpperCase()}_URL is not set`)
    try {
      const answer = await send({ key, target, parts: input, deadlineMs })
      if (answer.status !== (allRoutes[key] as RouteSpec).ok[0]) return fail(failureOf(await collect(answer.body)))
      return ok(await read(answer.body))
    } catch (cause) {
      return fail({ code: 'UNAVAILABLE', details: { peer: service }, cause: String(cause) })
    }
  }

  return {
    call: (key, input, { deadlineMs = defaultDeadlineMs, token } = {}) =>
      attempt(key, token === undefined ? (input as Parts) : withToken(input as Parts, token), {
        deadlineMs,
        read: async (body) => {
          const text = (await collect(body)).toString('utf8')
          return text === '' ? null : JSON.parse(text)
        },
      }),
    stream: (key, input, { deadlineMs = 30_000 } = {}) =>
      attempt(key, input as Parts, { deadlineMs, read: async (body) => (body instanceof Uint8Array ? once(body) : body) }),
    close: reach.close,
  }
}

const withToken = (parts: Parts, token: string): Parts => ({ ...parts, headers: { ...parts.headers, authorization: `Bearer ${token}` } })

const owners = new Map<string, ServiceName>(
  Object.entries(routesOf).flatMap(([service, table]) => Object.keys(table).map((key) => [key, service as ServiceName] as const)),
)
export function serviceOf(key: RouteKey): ServiceName {
  const service = owners.get(key)
  if (!service) throw new Error(`no service has the route ${key}`)
  return service
}

function fillPath(pattern: string, params: Record<string, unknown>): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}
function queryText(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`
}
function failureOf(body: Buffer): PeerFailure {
  try {
    const { error } = JSON.parse(body.toString('utf8')) as { error: { code: ErrorCode; details?: Record<string, unknown> } }
    return error.details ? { code: error.code, details: error.details } : { code: error.code }
  } catch {
    return { code: 'UNAVAILABLE' } // not one of ours answered
  }
}
async function collect(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
async function* once(body: Uint8Array) {
  yield body
}
/** `inject` has no socket to time out. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
