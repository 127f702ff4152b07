import type { Static, TObject, TSchema } from 'typebox'
import type { ErrorCode } from './errors.ts'

/**
 * Who may call, decided from the token alone (finer rules are the service's): `anyone` (a token is read when sent), `user`, `teacher` (or admin),
 * `admin`, `service` (another service's token with the route's scope; such routes live under /internal and no gateway routes them).
 */
export type Access = 'anyone' | 'user' | 'teacher' | 'admin' | 'service'

export type RouteSpec = {
  readonly summary: string
  readonly access: Access
  /** For `service` routes: what the token must carry. */
  readonly scope?: string
  /** For `service` routes: which services may hold that scope (a process that hosts several calls as `arena`). */
  readonly callers?: readonly string[]
  readonly params?: TObject
  /** Text from the URL is converted to the schema's type; nothing else ever is. */
  readonly query?: TObject
  readonly headers?: TObject
  /** A JSON body; unknown fields are refused. */
  readonly body?: TSchema
  /** A body handed over as a stream of bytes, of this content type or one of the others. */
  readonly rawBody?: { readonly contentType: string; readonly others?: readonly string[]; readonly limitBytes: number }
  /** Largest JSON body taken, bytes. Default 262,144. */
  readonly bodyLimitBytes?: number
  /** Status and schema of success. `Type.Null()` with 204: no body. A `contentType` other than JSON: bytes. */
  readonly ok: readonly [status: number, schema: TSchema]
  readonly okContentType?: string
  /** Codes of this route beside those any route may answer with. */
  readonly errors: readonly ErrorCode[]
}

export type RouteKey = `${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`
export type RouteTable = Readonly<Record<RouteKey, RouteSpec>>

/** A table of routes keyed by `METHOD /path/:param`; the key is what peers and the web call by. */
export const routes = <const T extends RouteTable>(table: T): T => table

type Part<S, Name extends string, Key extends string> = S extends Record<Name, infer Schema extends TSchema> ? Record<Key, Static<Schema>> : unknown
/** What a caller hands over, for one route: `{ params, query, headers, body }` as far as the route has them. */
export type RouteInput<S> = Part<S, 'params', 'params'> & Part<S, 'query', 'query'> & Part<S, 'headers', 'headers'> & Part<S, 'body', 'body'>
export type RouteOutput<S> = S extends { ok: readonly [number, infer Schema extends TSchema] } ? Static<Schema> : never
export type RouteErrors<S> = S extends { errors: readonly (infer Code extends ErrorCode)[] } ? Code : never

/** An event as data: its name is past tense, its version part of the name, so two versions are two topics. */
export type EventSpec<S extends TSchema = TSchema> = { readonly topic: string; readonly payload: S }
export const event = <const S extends TSchema>(name: string, version: number, payload: S): EventSpec<S> => ({ topic: `${name}.v${version}`, payload })
export type EventPayload<E> = E extends EventSpec<infer S> ? Static<S> : never
