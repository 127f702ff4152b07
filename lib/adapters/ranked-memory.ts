import { maxFindIds, maxStepRows, type PlacedRow, type Ranked, type RankedRow, type RankedView, type Stand, type Step, type Window } from '#ports/ranked-view'
import { type Ordered, openOrdered } from './ranked-order.ts'

/** Key: rank, NUL, tie, NUL, id. Ranks have one width and ties no NUL, so keys are in order as the three are, and above the bare rank they begin with. */
type Held = { readonly key: string; readonly id: string; readonly body: string }
const keyOf = ({ rank, tie, id }: RankedRow): string => `${rank}\0${tie}\0${id}`
const rankOf = ({ key }: Held): string => key.slice(0, key.indexOf('\0'))

type Kept = { epoch: number; version: number; head: string; readonly rows: Map<string, Held>; readonly order: Ordered<Held> }

/** Boards of one process. The longest unread go when there are more than `maxBoards` (default 400). */
export function openMemoryRankedView({ maxBoards = 400 }: { readonly maxBoards?: number } = {}): RankedView {
  const boards = new Map<string, Kept>()
  const keep = (board: string, kept: Kept) => {
    boards.delete(board)
    boards.set(board, kept)
    for (const oldest of boards.keys()) if (boards.size > maxBoards) boards.delete(oldest)
  }
  return {
    async stand(board) {
      const kept = boards.get(board)
      return kept && { epoch: kept.epoch, version: kept.version }
    },
    async advance(board, step) {
      const kept = baseOf(boards.get(board), step)
      if (kept === undefined) return false
      if (isAsNew(kept, step)) return true
      putAll(
        kept,
        step.rows.filter((row) => row.version > kept.version),
      )
      Object.assign(kept, { epoch: step.epoch, version: step.version, head: step.head })
      keep(board, kept)
      return true
    },
    async rebuild(board, epoch) {
      const built = emptyBoard(epoch)
      return {
        add: async (rows) => putAll(built, rows),
        async finish({ version, head }) {
          const kept = boards.get(board)
          if (kept === undefined || !isAsNew(kept, { epoch, version })) keep(board, { ...built, version, head })
          return true
        },
      }
    },
    async read(board, asked) {
      const kept = boards.get(board)
      if (kept === undefined) return undefined
      keep(board, kept)
      return rankedOf(kept, asked)
    },
    async find(board, ids) {
      if (ids.length > maxFindIds) throw new RangeError(`${ids.length} ids at once, at most ${maxFindIds}`)
      const kept = boards.get(board)
      if (kept === undefined) return undefined
      keep(board, kept)
      return foundIn(kept, ids)
    },
    drop: async (board) => void boards.delete(board),
  }
}

const emptyBoard = (epoch: number): Kept => ({ epoch, version: -1, head: '', rows: new Map(), order: openOrdered() })

/** What a step goes on from; undefined when that is missing. */
function baseOf(kept: Kept | undefined, { epoch, from }: Step): Kept | undefined {
  if (kept !== undefined && (kept.epoch > epoch || (kept.epoch === epoch && kept.version >= from))) return kept
  return from < 0 ? emptyBoard(epoch) : undefined
}
const isAsNew = (kept: Stand, step: Stand): boolean => kept.epoch > step.epoch || (kept.epoch === step.epoch && kept.version >= step.version)

function putAll(kept: Kept, rows: readonly RankedRow[]): void {
  if (rows.length > maxStepRows) throw new RangeError(`${rows.length} rows in one step, at most ${maxStepRows}`)
  for (const row of rows) {
    const before = kept.rows.get(row.id)
    const held = { key: keyOf(row), id: row.id, body: row.body }
    kept.rows.set(row.id, held)
    if (before !== undefined) kept.order.remove(before.key)
    kept.order.add(held.key, held)
  }
}

function rankedOf({ epoch, version, head, rows, order }: Kept, { top, from = 0, around }: Window): Ranked {
  const own = around === undefined ? undefined : rows.get(around.id)
  const at = own === undefined ? 0 : order.countBefore(own.key)
  const sides = around?.sides ?? 0
  const asked = { from, to: from + top }
  const near = own === undefined ? { from, to: from } : { from: Math.max(0, at - sides), to: at + sides + 1 }
  const parts = spans(asked, near).flatMap((span) => placed(order, span))
  return { epoch, version, head, total: order.size, rows: parts }
}

type Span = { readonly from: number; readonly to: number }
/** The positions of both, in order, none twice. */
function spans(one: Span, other: Span): Span[] {
  const [first, second] = one.from <= other.from ? [one, other] : [other, one]
  if (second.from > first.to) return [first, second]
  return [{ from: first.from, to: Math.max(first.to, second.to) }]
}

function placed(order: Ordered<Held>, { from, to }: Span): PlacedRow[] {
  const rows = order.slice(from, to)
  const ranks = rows.map(rankOf)
  let place = order.countBefore(ranks[0] ?? '') + 1
  return rows.map(({ id, body }, n) => {
    if (n > 0 && ranks[n - 1] !== ranks[n]) place = from + n + 1
    return { at: from + n, place, id, body }
  })
}

function foundIn({ epoch, version, head, rows, order }: Kept, ids: readonly string[]): Ranked {
  const found = [...new Set(ids)]
    .flatMap((id) => rows.get(id) ?? [])
    .map((held) => ({ at: order.countBefore(held.key), place: order.countBefore(rankOf(held)) + 1, id: held.id, body: held.body }))
    .sort((a, b) => a.at - b.at)
  return { epoch, version, head, total: order.size, rows: found }
}
