import { maxStepRows, type PlacedRow, type Ranked, type RankedRow, type RankedView, type Stand, type Step, type Window } from '#ports/ranked-view'
import { type Ordered, openOrdered } from './ranked-order.ts'

type Held = Omit<RankedRow, 'version'>
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
    drop: async (board) => void boards.delete(board),
  }
}

const emptyBoard = (epoch: number): Kept => ({ epoch, version: -1, head: '', rows: new Map(), order: openOrdered(compare) })

/** What a step goes on from; undefined when that is missing. */
function baseOf(kept: Kept | undefined, { epoch, from }: Step): Kept | undefined {
  if (kept !== undefined && (kept.epoch > epoch || (kept.epoch === epoch && kept.version >= from))) return kept
  return from < 0 ? emptyBoard(epoch) : undefined
}
const isAsNew = (kept: Stand, step: Stand): boolean => kept.epoch > step.epoch || (kept.epoch === step.epoch && kept.version >= step.version)

function putAll(kept: Kept, rows: readonly RankedRow[]): void {
  if (rows.length > maxStepRows) throw new RangeError(`${rows.length} rows in one step, at most ${maxStepRows}`)
  for (const { id, rank, tie, body } of rows) {
    const before = kept.rows.get(id)
    const row = { id, rank, tie, body }
    kept.rows.set(id, row)
    if (before !== undefined) kept.order.remove(before)
    kept.order.add(row)
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const compare = (a: Held, b: Held): number => compareText(a.rank, b.rank) || compareText(a.tie, b.tie) || compareText(a.id, b.id)

function rankedOf({ epoch, version, head, rows, order }: Kept, { top, around }: Window): Ranked {
  const own = around === undefined ? undefined : rows.get(around.id)
  const at = own === undefined ? 0 : order.countBefore(own)
  const sides = around?.sides ?? 0
  const from = own === undefined ? 0 : Math.max(0, at - sides)
  const to = own === undefined ? top : at + sides + 1
  const parts = from <= top ? [placed(order, 0, Math.max(top, to))] : [placed(order, 0, top), placed(order, from, to)]
  return { epoch, version, head, total: order.size, rows: parts.flat() }
}

function placed(order: Ordered<Held>, from: number, to: number): PlacedRow[] {
  const rows = order.slice(from, to)
  const first = rows[0]
  let place = first === undefined ? 1 : order.countBefore({ id: '', rank: first.rank, tie: '', body: '' }) + 1
  return rows.map(({ id, rank, body }, n) => {
    if (n > 0 && rows[n - 1]?.rank !== rank) place = from + n + 1
    return { place, id, body }
  })
}
