import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { RouteSpec } from '#contracts/route'
import { fail, ok, type Result } from '#kernel/result'

/** Where the request does not fit, as a path (`body/problems/0/points`), and what is wrong there. */
export type Misfit = { readonly where: string; readonly problem: string }
export type Checked = Result<Record<string, unknown>, Misfit>

type RequestParts = { params: unknown; query: unknown; headers: unknown; body: unknown }

/** Compiles a route's schemas once; the returned function checks a request and hands out exactly the parts the contract names. */
export function checkerOf(spec: RouteSpec): (request: RequestParts) => Checked {
  const params = partChecker('params', spec.params, true)
  const query = partChecker('query', spec.query, true)
  const headers = partChecker('headers', spec.headers, false)
  const body = partChecker('body', spec.body, false)
  const checks = [params, query, headers, body].filter((check) => check !== undefined)
  return (request) => {
    const parts: Record<string, unknown> = {}
    for (const check of checks) {
      const value = check.part === 'body' ? (request.body ?? {}) : request[check.part]
      const checked = check.run(value)
      if (!checked.ok) return checked
      parts[check.part] = checked.value
    }
    return ok(parts)
  }
}

function partChecker(part: keyof RequestParts, schema: TSchema | undefined, fromText: boolean) {
  if (!schema) return undefined
  const compiled = Compile(schema)
  const run = (given: unknown): Result<unknown, Misfit> => {
    const value = fromText ? Value.Convert(schema, { ...(given as object) }) : given
    if (!compiled.Check(value)) return fail(misfitOf(part, compiled.Errors(value)))
    const unstorable = unstorableIn(value, part)
    return unstorable === undefined ? ok(value) : fail(unstorable)
  }
  return { part, run }
}

/**
 * PostgreSQL takes neither NUL nor lone surrogates, in text or jsonb, and no whole number beyond its bigint; beyond 2^53 they are not exact here. Refused
 * here once, instead of as a fault of ours at each write.
 */
function unstorableIn(value: unknown, where: string): Misfit | undefined {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? { where, problem: badText } : undefined
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? { where, problem: badNumber } : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = unstorableIn(key, where) ?? unstorableIn(inner, `${where}/${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
const badText = 'holds a NUL character or half of a surrogate pair'
const badNumber = 'is a whole number of more than 53 bits'

type SchemaError = { keyword: string; instancePath: string; params: unknown; message: string }

/** The most telling error: the deepest one, and an unknown field by its name. */
function misfitOf(part: string, errors: readonly SchemaError[]): Misfit {
  const unknown = errors.find((error) => error.keyword === 'additionalProperties')
  if (unknown) {
    const names = (unknown.params as { additionalProperties?: string[] }).additionalProperties ?? []
    return { where: `${part}${unknown.instancePath}`, problem: `has unknown fields: ${names.join(', ')}` }
  }
  const deepest = errors.filter((error) => error.keyword !== 'anyOf').sort((a, b) => b.instancePath.length - a.instancePath.length)[0] ?? errors[0]
  return { where: `${part}${deepest?.instancePath ?? ''}`, problem: deepest?.message ?? 'does not fit' }
}

/** For bodies of other faces (socket messages, queue payloads, files): the value itself, or what is wrong with it. */
export function checker<S extends TSchema>(schema: S): (value: unknown) => Result<unknown, Misfit> {
  const compiled = Compile(schema)
  return (value) => (compiled.Check(value) ? ok(value) : fail(misfitOf('', compiled.Errors(value))))
}
