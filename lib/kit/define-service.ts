import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Static, TSchema } from 'typebox'
import type { AllRoutes, ServiceName } from '#contracts/all'
import type { Role } from '#contracts/common'
import type { ApiFailure } from '#contracts/errors'
import type { EventSpec, RouteErrors, RouteInput, RouteOutput } from '#contracts/route'
import type { Result } from '#kernel/result'
import type { Ms } from '#kernel/units'
import type { Bus } from '#ports/bus'
import type { Cache } from '#ports/cache'
import type { Clock, Ids } from '#ports/clock'
import type { Db, Migration, Tx } from '#ports/db'
import type { Fanout } from '#ports/fanout'
import type { Files } from '#ports/files'
import type { Mailer } from '#ports/mailer'
import type { PaymentProvider, SandboxBooks } from '#ports/payment-provider'
import type { RankedView } from '#ports/ranked-view'
import type { Sandbox } from '#ports/sandbox'
import type { AccessTokens } from './access-tokens.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Outbox } from './outbox.ts'
import type { Peers } from './peers.ts'
import type { Seals } from './seals.ts'
import type { Tracing } from './tracing.ts'

/** Who calls, as the verified token says. */
export type Caller =
  | { readonly kind: 'user'; readonly userId: string; readonly role: Role; readonly name: string; readonly sessionId: string; readonly expiresAt: number }
  | { readonly kind: 'service'; readonly service: string; readonly scopes: readonly string[] }
export type UserCaller = Extract<Caller, { kind: 'user' }>

/** The rest of the request, for the few handlers that need it. */
export type HttpContext = {
  readonly requestId: string
  /** The client's address, as far as the front door can be trusted to know. */
  readonly ip: string
  readonly headers: IncomingHttpHeaders
  /** Whether the client's connection is encrypted (cookies are `Secure` then). */
  readonly secure: boolean
  /** The body of a `rawBody` route: read it once; it stops with an error past the route's limit. */
  readonly rawBody: AsyncIterable<Uint8Array>
  setHeader(name: string, value: string): void
}

type CallerOf<S> = S extends { access: 'anyone' } ? Caller | undefined : S extends { access: 'service' } ? Extract<Caller, { kind: 'service' }> : UserCaller
export type HandlerInput<S> = RouteInput<S> & { readonly caller: CallerOf<S>; readonly http: HttpContext }
/** Bytes that are the answer already: JSON text kept ready, or a blob. 304 when `etag` equals the request's If-None-Match. */
export class Ready {
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  readonly etag: string | undefined
  constructor(body: Uint8Array | AsyncIterable<Uint8Array>, etag?: string) {
    this.body = body
    this.etag = etag
  }
}
/** Codes any handler may answer with, beside those its contract lists. */
export type CommonCode = 'FORBIDDEN' | 'NOT_FOUND' | 'TOO_MANY_REQUESTS' | 'UNAVAILABLE' | 'VALIDATION_FAILED' | 'TOKEN_EXPIRED' | 'UNAUTHENTICATED'
export type Handler<S> = (input: HandlerInput<S>) => Promise<Result<RouteOutput<S> | Ready, ApiFailure<RouteErrors<S> | CommonCode>>>
/** One handler for each route of a table: a missing or an extra one does not compile. */
export type Handlers<Table> = { readonly [Key in keyof Table]: Handler<Table[Key]> }

/** What a service may touch; a use case takes the few it needs. */
export type Deps = {
  readonly db: Db
  readonly bus: Bus
  readonly outbox: Outbox
  readonly cache: Cache
  /** What sockets are told, and replicas of a service each other. The judge is told by the bus's broadcasts: it reaches nothing but the queue. */
  readonly fanout: Fanout
  readonly rankedView: RankedView
  readonly files: Files
  readonly mailer: Mailer
  readonly clock: Clock
  readonly ids: Ids
  readonly peers: Peers
  readonly tokens: AccessTokens
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly config: Config
  readonly seals: Seals
  /** Those the configuration offers, the standard one first. Billing only. */
  readonly openPaymentProviders: (books: SandboxBooks) => readonly PaymentProvider[]
  /** Opens the node's sandbox; rejects with a `SandboxFault` whose message tells the operator what is missing. Evaluation only. */
  readonly openSandbox: () => Promise<Sandbox>
}

export type EventMeta = { readonly id: string; readonly occurredAt: string }
/** What one event comes to, and with which others it may be kept. */
export type Keyed<Entry> = { readonly key: string; readonly entry: Entry }

/**
 * A consumer with its effect once: the inbox markers and what `keep` does commit together. Events of one `keep` and one key that wait at the same time
 * share a transaction (consume-events.ts), `atMost` in one.
 */
export type Subscription = {
  readonly topic: string
  readonly payload: TSchema
  /** Pure. Undefined: the event means nothing here. */
  readonly entryOf: (payload: never, meta: EventMeta) => Keyed<unknown> | undefined
  readonly keep: Keep<never>
  readonly atMost: number
}
/** `entries`: at least one, each event once, in no order. May be called again for the same ones, or for fewer of them, after a rollback. */
export type Keep<Entry> = (tx: Tx, key: string, entries: readonly Entry[]) => Promise<void>

/** As the accepts of submissions (docs/adr/0016): far above what a commit saves, and some milliseconds of work. */
const largestGroup = 64

const keepAlone: Keep<(tx: Tx) => Promise<void>> = async (tx, _key, entries) => {
  for (const handle of entries) await handle(tx)
}

/** An event that is kept by itself. */
export const on = <S extends TSchema>(event: EventSpec<S>, handle: (tx: Tx, payload: Static<S>, meta: EventMeta) => Promise<void>): Subscription => ({
  topic: event.topic,
  payload: event.payload,
  entryOf: (payload: Static<S>, meta: EventMeta) => ({ key: meta.id, entry: (tx: Tx) => handle(tx, payload, meta) }),
  keep: keepAlone,
  atMost: 1,
})

/** Events of several topics that are kept many in one transaction, where each has a commit and a lock to wait for otherwise. */
export const inGroups =
  <Entry>(keep: Keep<Entry>) =>
  <S extends TSchema>(event: EventSpec<S>, entryOf: (payload: Static<S>, meta: EventMeta) => Keyed<Entry> | undefined): Subscription => ({
    topic: event.topic,
    payload: event.payload,
    entryOf,
    keep,
    atMost: largestGroup,
  })

export type Job = { readonly name: string; readonly every: Ms; readonly run: () => Promise<void> }

/** `figures`: for the operator's page alone; whole numbers, the unit in the name. */
export type Check = { readonly ok: boolean; readonly detail?: string; readonly figures?: Readonly<Record<string, number>> }
export type ServiceParts = {
  readonly handlers?: Partial<Handlers<AllRoutes>>
  /** Events this service keeps up with, through one durable queue `<service>.events`. */
  readonly subscriptions?: readonly Subscription[]
  /** Repeated work, one run at a time; a throw is logged and the next run comes all the same. */
  readonly jobs?: readonly Job[]
  /** Takes over the socket of an HTTP upgrade to one of the service's paths (the path is `upgradePath`). */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Beyond the database and the bus, which the kit checks. */
  readonly checks?: () => Promise<Readonly<Record<string, Check>>>
  readonly start?: () => Promise<void>
  /** Stop taking work, finish or hand back, within about 10 s. */
  readonly stop?: () => Promise<void>
}

export type Service = {
  readonly name: ServiceName
  /** Applied in name order before the service starts; none: the service has no database. */
  readonly migrations: readonly Migration[] | 'none'
  /** Connections of its own to the database at most. Default 4. */
  readonly maxConnections?: number
  readonly upgradePath?: string
  readonly build: (deps: Deps) => ServiceParts | Promise<ServiceParts>
}

/** A service is a value: what it answers, consumes and repeats, given what it may touch. */
export const defineService = (service: Service): Service => service
