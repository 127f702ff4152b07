/** Rows that a reader follows: kept in this browser, for each reader and contest. */
import type { KeyValue } from '../../lib/storage.ts'

/** The server finds so many by their ids. */
export const mostStars = 100
const keyOf = (reader: string | undefined, contestId: string) => `arena.stars.${reader ?? 'anybody'}.${contestId}`

export function starsIn(storage: Pick<KeyValue, 'get'>, reader: string | undefined, contestId: string): ReadonlySet<string> {
  const ids = (storage.get(keyOf(reader, contestId)) ?? '').split(',').filter((id) => /^[0-9a-f-]{36}$/.test(id))
  return new Set(ids.slice(0, mostStars))
}

/** @returns the stars as they are kept now; one too many is not taken. */
export function toggleStar(
  storage: KeyValue,
  { reader, contestId, userId }: { reader: string | undefined; contestId: string; userId: string },
): ReadonlySet<string> {
  const stars = new Set(starsIn(storage, reader, contestId))
  if (!stars.delete(userId) && stars.size < mostStars) stars.add(userId)
  if (stars.size === 0) storage.remove(keyOf(reader, contestId))
  else storage.set(keyOf(reader, contestId), [...stars].join())
  return stars
}
