import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** @throws Error with the file, the place in it and the mistake, e.g. `quiz/physics.yaml (lift-scale): /options must be array` */
export function check<const S extends TSchema>(schema: S, value: unknown, where: string): Static<S> {
  if (Value.Check(schema, value)) return value as Static<S>
  const mistakes = Value.Errors(schema, value).map((error) => `${error.instancePath || 'value'} ${error.message}`)
  throw new Error(`${where}: ${[...new Set(mistakes)].slice(0, 5).join('; ')}`)
}
