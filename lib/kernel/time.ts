/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. On the wire always ISO 8601 in UTC. */
declare const instantBrand: unique symbol
export type Instant = number & { readonly [instantBrand]: true }

export const instant = (epochMs: number) => epochMs as Instant
export const instantOf = (date: Date) => date.getTime() as Instant
export const toIso = (at: Instant) => new Date(at).toISOString()
export const toDate = (at: Instant) => new Date(at)
/** @returns undefined when the text is no ISO 8601 date and time with an offset. */
export function parseIso(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : (epochMs as Instant)
}
