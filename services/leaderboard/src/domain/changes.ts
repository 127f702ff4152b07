import type { LeaderboardChanged, RowChange } from '#contracts/leaderboard'
import { type Around, type Named, rowText, shownCell } from './board.ts'
import type { ScoredCell, ScoredRow } from './format.ts'

/** What a push may weigh as JSON: a broadcast takes 7,000 bytes and the envelope of the socket comes on top. */
const maxPushBytes = 6_000
/** Rows in one push; more, and the client fetches. */
export const maxPushRows = 200

/**
 * The public revision at which each cell of a row changed last, now that the row has changed with `revision`. What only the service knows of a cell
 * (which submission solved it) is no change.
 */
export function cellRevisionsOf(known: { readonly row: ScoredRow; readonly revisions: readonly number[] } | undefined, row: ScoredRow, revision: number) {
  return row.cells.map((cell, at) => (isSameCell(known?.row.cells[at], cell) ? (known?.revisions[at] ?? revision) : revision))
}
const isSameCell = (a: ScoredCell | undefined, b: ScoredCell): boolean =>
  a !== undefined &&
  a.problemId === b.problemId &&
  a.solved === b.solved &&
  a.score === b.score &&
  a.attempts === b.attempts &&
  a.pending === b.pending &&
  a.minute === b.minute

/** A row that changed after the public revision `previous`; `revisions` as above. */
export type ChangedRow = Named & { readonly revisions: readonly number[] }

/** What of these rows changed since `previous`, in the order of the board. Ranks are left out: clients sort. */
export function changesSince(previous: number, around: Around, rows: readonly ChangedRow[]): RowChange[] {
  const inOrder = rows.map((changed) => ({ changed, text: rowText(changed) })).sort((a, b) => compareText(keyOf(a), keyOf(b)))
  return inOrder.map(({ changed: { row, name, school, revisions } }) => {
    const { userId, score, penalty, lastMinute } = row
    const cells = row.cells.flatMap((cell, at) => ((revisions[at] ?? 0) > previous ? [shownCell(around, userId, at, cell)] : []))
    return { userId, name, school, score, penalty, lastMinute, cells }
  })
}
const keyOf = ({ text, changed }: { text: { rank: string; tie: string }; changed: ChangedRow }) => `${text.rank}${text.tie}\0${changed.row.userId}`
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

type Step = { readonly contestId: string; readonly previous: number; readonly revision: number }

/** The message for one step of the public board; `changes` undefined or too many: the client fetches. */
export function pushOf(step: Step, changes: readonly RowChange[] | undefined): LeaderboardChanged {
  const refetch: LeaderboardChanged = { ...step, cells: [], refetch: true }
  if (changes === undefined || changes.length > maxPushRows) return refetch
  const push: LeaderboardChanged = { ...step, cells: [...changes], refetch: false }
  return utf8Length(JSON.stringify(push)) > maxPushBytes ? refetch : push
}

/** Bytes of a text as UTF-8, never too few: two or more for all beyond ASCII. */
function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1
  }
  return bytes
}
