import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * What the work under way is about: kept beside it through every await, so that a log line or a further span knows it without being told. Nothing is
 * decided by it. Work that many requests share (a group commit, a batch) begins outside, or it would bear the name of whoever came first.
 */
export type Scope = {
  readonly requestId?: string | undefined
  readonly submissionId?: string | undefined
  /** The span under way, as W3C trace context writes it; absent where nothing is traced or this trace was not sampled. */
  readonly traceparent?: string | undefined
}

const nothing: Scope = {}
const scopes = new AsyncLocalStorage<Scope>()

export const scope = (): Scope => scopes.getStore() ?? nothing
/** Runs `work` with what is known and `more`. */
export const inScope = <T>(more: Scope, work: () => T): T => scopes.run({ ...scope(), ...more }, work)
export const outOfScope = <T>(work: () => T): T => scopes.run(nothing, work)

/** `version-traceid-spanid-flags` in lower-case hex; all zeros is invalid. @see https://www.w3.org/TR/trace-context/ §3.2 */
const shape = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

export type TraceParent = { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean }

/** @returns undefined for what is none: it may come from a program of anybody. */
export function parseTraceparent(text: string | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags] = shape.exec(text ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
export const formatTraceparent = ({ traceId, spanId, isSampled }: TraceParent): string => `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`

/** Fields of the scope for a log line. */
export function scopeFields(): Record<string, string> {
  const { requestId, submissionId, traceparent } = scope()
  const fields: Record<string, string> = {}
  if (requestId !== undefined) fields.requestId = requestId
  if (submissionId !== undefined) fields.submissionId = submissionId
  if (traceparent !== undefined) fields.traceId = traceparent.slice(3, 35)
  return fields
}
