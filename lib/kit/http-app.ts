import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import Fastify, { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { ServiceName } from '#contracts/all'
import { routesOf } from '#contracts/all'
import { type ErrorCode, type ErrorDetails, errorTable, messageOf, statusOf } from '#contracts/errors'
import type { RouteKey, RouteSpec } from '#contracts/route'
import { fail, ok, type Result } from '#kernel/result'
import type { Clock, Ids } from '#ports/clock'
import type { AccessTokens } from './access-tokens.ts'
import { compress, compressKept, encodingFor } from './compression.ts'
import { type Caller, Ready } from './define-service.ts'
import type { Log } from './log.ts'
import { type Metrics, noMetrics } from './metrics.ts'
import { inScope } from './scope.ts'
import { verifyServiceToken } from './service-tokens.ts'
import { noTracing, type Tracing } from './tracing.ts'
import { answerUnchanged } from './unchanged.ts'
import { type Checked, checkerOf } from './validation.ts'

/**
 * One service's HTTP face, made from its contract: who may call, what fits the schema, which status and error shape, all in one place, so that a handler
 * only decides. Nothing is coerced but text from the URL; answers are cut to the contract's fields; an unknown throw is a 500 with an id, logged here once.
 */
export type HttpAppOptions = {
  readonly service: ServiceName
  readonly handlers: Readonly<Record<string, unknown>>
  readonly tokens: AccessTokens
  /** The deployment's secret, where this process may verify service tokens. */
  readonly serviceSecret: string | undefined
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Absent: nothing is counted, nothing is traced. */
  readonly metrics?: Metrics
  readonly tracing?: Tracing
}

const defaultBodyLimit = 256 * 1024
type AnyHandler = (input: Record<string, unknown>) => Promise<Result<unknown, { code: ErrorCode; details?: ErrorDetails }>>
type RequestState = { caller: Caller | undefined }
const stateOf = new WeakMap<FastifyRequest, RequestState>()

export async function makeHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const table: Readonly<Record<string, RouteSpec>> = routesOf[options.service as keyof typeof routesOf] ?? {}
  const app = Fastify({
    logger: false,
    genReqId: (request: { headers: IncomingMessage['headers'] }) => requestIdOf(request.headers) ?? options.ids.next(),
    bodyLimit: defaultBodyLimit,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    // a path that is none (`%ff`, a part of 300 letters) leads nowhere
    frameworkErrors: (_error, _request, reply) => void sendError(reply, 'NOT_FOUND'),
  })
  app.removeContentTypeParser('text/plain') // Fastify takes it unless told otherwise
  app.setErrorHandler((error, request, reply) => answerThrown(error, request, reply, options.log))
  app.setNotFoundHandler((request, reply) => {
    const elsewhere = Object.keys(table).some((key) => matches(key, request.url))
    return sendError(reply, elsewhere ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND')
  })
  answerUnchanged(app)
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string') return payload
    const body = Buffer.from(payload)
    const encoding = encodingFor(body.byteLength, request.headers['accept-encoding'])
    if (!encoding) return payload
    void reply.header('content-encoding', encoding).header('vary', 'accept-encoding').removeHeader('content-length')
    return compress(body, encoding)
  })
  countRequests(app, options)
  for (const [key, spec] of Object.entries(table)) {
    const handler = options.handlers[key] as AnyHandler | undefined
    if (!handler) throw new Error(`${options.service}: no handler for ${key}`)
    await app.register((scope, _options, done) => {
      addRoute(scope, { key: key as RouteKey, spec, handler }, options)
      done()
    })
  }
  for (const key of Object.keys(options.handlers))
    if (!(key in table)) throw new Error(`${options.service}: a handler for ${key}, which its contract does not have`)
  await app.ready()
  return app
}

type OneRoute = { readonly key: RouteKey; readonly spec: RouteSpec; readonly handler: AnyHandler }

/** `scope` is an encapsulated Fastify context: what a route says of content types holds for it alone. */
function addRoute(scope: FastifyInstance, { key, spec, handler }: OneRoute, options: HttpAppOptions) {
  const [method, url] = key.split(' ') as [string, string]
  const check = checkerOf(spec)
  const [okStatus, okSchema] = spec.ok
  if (spec.rawBody) takeBytes(scope, spec.rawBody)
  scope.route({
    method: method as 'GET',
    url,
    bodyLimit: spec.rawBody?.limitBytes ?? spec.bodyLimitBytes ?? defaultBodyLimit,
    ...(okStatus === 204 || spec.okContentType ? {} : { schema: { response: { [okStatus]: okSchema } } }),
    // before the body is read: nobody uploads without a token
    onRequest: async (request, reply) => {
      const admitted = await admit(spec, request.headers.authorization, options)
      if (!admitted.ok) return sendError(reply, admitted.error)
      stateOf.set(request, { caller: admitted.value })
    },
    handler: (request, reply) =>
      inRequest({ key, request, reply }, options, async () => {
        const checked: Checked = check(request)
        if (!checked.ok) return sendError(reply, 'VALIDATION_FAILED', checked.error)
        const result = await handler({ ...checked.value, caller: stateOf.get(request)?.caller, http: httpContext(request, reply, spec) })
        if (!result.ok) return sendError(reply, result.error.code, result.error.details)
        return sendOk(request, reply, spec, result.value)
      }),
  })
}

type Exchange = { readonly key: RouteKey; readonly request: FastifyRequest; readonly reply: FastifyReply }

/** Below the request's id, and as a span. Only a service's word on the trace counts: with a client's, anybody could have everything sampled. */
function inRequest<T>({ key, request, reply }: Exchange, { service, clock, tracing = noTracing }: HttpAppOptions, work: () => Promise<T>): Promise<T> {
  const told = stateOf.get(request)?.caller?.kind === 'service' ? request.headers.traceparent : undefined
  const attributes = { 'arena.service': service, 'http.route': key, 'arena.request_id': request.id }
  const facts = { kind: 'server' as const, startedAt: clock.now() - reply.elapsedTime, attributes }
  return inScope({ requestId: request.id, submissionId: undefined, traceparent: typeof told === 'string' ? told : undefined }, () =>
    tracing.root(key, facts, work),
  )
}

/** By the route as the contract writes it, never by the path that was asked for: ids and the scans of strangers would make a series each. */
function countRequests(app: FastifyInstance, { service, metrics = noMetrics }: HttpAppOptions): void {
  if (metrics === noMetrics) return
  app.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions
    const route = url === undefined ? 'none' : `${request.method} ${url}`
    metrics.add('arena_http_requests_total', { service, route, status: String(reply.statusCode) })
    metrics.observe('arena_http_request_seconds', { service, route }, reply.elapsedTime)
    done()
  })
}

async function admit(spec: RouteSpec, authorization: string | undefined, options: HttpAppOptions): Promise<Result<Caller | undefined, ErrorCode>> {
  const token = authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined
  if (spec.access === 'service') return admitService(spec, token, options)
  if (token === undefined) return spec.access === 'anyone' ? ok(undefined) : fail('UNAUTHENTICATED')
  const verified = await options.tokens.verify(token)
  // also where anybody may look: a page without what is one's own would be a lie, a 401 makes the client refresh its token
  if (!verified.ok) return fail(verified.error)
  const { role } = verified.value
  if (spec.access === 'admin' && role !== 'admin') return fail('FORBIDDEN')
  if (spec.access === 'teacher' && role === 'student') return fail('FORBIDDEN')
  return ok(verified.value)
}

async function admitService(spec: RouteSpec, token: string | undefined, { serviceSecret, clock }: HttpAppOptions): Promise<Result<Caller, ErrorCode>> {
  if (token === undefined || serviceSecret === undefined) return fail('UNAUTHENTICATED')
  const peer = await verifyServiceToken(token, serviceSecret, clock)
  if (!peer) return fail('UNAUTHENTICATED')
  const isMeant = spec.callers?.includes(peer.service) && spec.scope !== undefined && peer.scopes.includes(spec.scope)
  return isMeant ? ok({ kind: 'service' as const, ...peer }) : fail('FORBIDDEN')
}

function takeBytes(scope: FastifyInstance, { contentType, others = [], limitBytes }: NonNullable<RouteSpec['rawBody']>) {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser([contentType, ...others, 'application/octet-stream'], (_request, payload, done) => done(null, limited(payload, limitBytes)))
}
async function* limited(payload: AsyncIterable<Uint8Array>, limitBytes: number) {
  let size = 0
  for await (const chunk of payload) {
    size += chunk.byteLength
    if (size > limitBytes) throw new BodyTooLarge(limitBytes)
    yield chunk
  }
}
class BodyTooLarge extends Error {
  readonly limitBytes: number
  constructor(limitBytes: number) {
    super(`body over ${limitBytes} bytes`)
    this.limitBytes = limitBytes
  }
}

function httpContext(request: FastifyRequest, reply: FastifyReply, spec: RouteSpec) {
  return {
    requestId: request.id,
    ip: clientAddress(request.raw),
    headers: request.headers,
    secure: request.headers['x-forwarded-proto'] === 'https',
    rawBody: (spec.rawBody && (request.body as AsyncIterable<Uint8Array> | undefined)) ?? Readable.from([]), // no body is an empty one
    setHeader: (name: string, value: string) => void reply.header(name, value),
  }
}

/** The front door sets `x-real-ip` and removes what a client sent under that name; where there is none, it is the connection's own address. */
const clientAddress = (request: IncomingMessage): string => {
  const told = request.headers['x-real-ip']
  return typeof told === 'string' ? told : (request.socket.remoteAddress ?? 'unknown')
}

function sendOk(request: FastifyRequest, reply: FastifyReply, spec: RouteSpec, value: unknown) {
  const [status] = spec.ok
  void reply.code(status)
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  if (value instanceof Ready) return sendReady(request, reply, spec, value)
  return status === 204 ? reply.send() : reply.send(value)
}

async function sendReady(request: FastifyRequest, reply: FastifyReply, spec: RouteSpec, { body, etag }: Ready) {
  if (etag !== undefined) {
    void reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  }
  // a route of files of many kinds has said which
  if (!reply.hasHeader('content-type')) void reply.type(spec.okContentType ?? 'application/json; charset=utf-8')
  void reply.serializer((same: unknown) => same as string)
  if (!(body instanceof Uint8Array)) return reply.send(Readable.from(body, { objectMode: false }))
  // a handler that keeps its bytes encoded has said so
  const encoding = spec.okContentType || reply.hasHeader('content-encoding') ? undefined : encodingFor(body.byteLength, request.headers['accept-encoding'])
  if (encoding)
    return reply
      .header('content-encoding', encoding)
      .header('vary', 'accept-encoding')
      .send(await compressKept(body, encoding))
  return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
}

function sendError(reply: FastifyReply, code: ErrorCode, details?: ErrorDetails) {
  const error = { code, message: messageOf(code, details), ...(details ? { details } : {}), requestId: reply.request.id }
  if (statusOf(code) === 429) void reply.header('retry-after', String(details?.retryAfterSeconds ?? 1))
  return reply
    .code(statusOf(code))
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer((same: unknown) => same as string)
    .send(JSON.stringify({ error }))
}

/** Fastify's own refusals by their code; whatever else was thrown is our mistake. */
function answerThrown(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log) {
  if (error instanceof BodyTooLarge) {
    void reply.header('connection', 'close') // what the client still sends is not read: its next request on this connection would wait behind it
    return sendError(reply, 'BODY_TOO_LARGE', { limitBytes: error.limitBytes })
  }
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) return sendError(reply, 'BODY_TOO_LARGE', { limitBytes: request.routeOptions.bodyLimit })
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE) return sendError(reply, 'UNSUPPORTED_MEDIA_TYPE')
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (status === 400) return sendError(reply, 'MALFORMED_JSON')
  if (error instanceof Error && 'retry' in error && error.retry === 'later') {
    log.warn({ err: error, requestId: request.id, url: request.url }, 'a dependency is not answering')
    return sendError(reply, 'UNAVAILABLE')
  }
  log.error({ err: error, requestId: request.id, method: request.method, url: request.url }, 'a request failed on our side')
  return sendError(reply, 'INTERNAL')
}

/** The front door's id for this request; anything that does not look like one is ignored. */
const requestIdOf = (headers: IncomingMessage['headers']) => {
  const id = headers['x-request-id']
  return typeof id === 'string' && /^[\w-]{8,64}$/.test(id) ? id : undefined
}

function matches(key: string, url: string): boolean {
  const pattern = (key.split(' ')[1] ?? '').split('/')
  const path = (url.split('?')[0] ?? '').split('/')
  return pattern.length === path.length && pattern.every((part, at) => part.startsWith(':') || part === path[at])
}

/** For faces outside Fastify (the front door itself): the same error shape. */
export function errorText(code: ErrorCode, requestId: string, details?: ErrorDetails): { status: number; body: string } {
  return {
    status: errorTable[code][0],
    body: JSON.stringify({ error: { code, message: messageOf(code, details), ...(details ? { details } : {}), requestId } }),
  }
}
