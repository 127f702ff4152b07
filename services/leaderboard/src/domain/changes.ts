import type { BoardCell, BoardRow, LeaderboardChanged, RowChange } from '#contracts/leaderboard'

/** What a push may weigh as JSON: the bus takes 7,000 bytes and the envelope of the socket comes on top. */
const maxPushBytes = 6_000

export type Shown = ReadonlyMap<string, BoardRow>
export const shownOf = (rows: readonly BoardRow[]): Shown => new Map(rows.map((row) => [row.userId, row]))

/** What differs between two states of a public board of the same problems. Ranks are left out: clients sort. */
export function changesBetween(before: Shown, after: readonly BoardRow[]): RowChange[] {
  return after.flatMap((row) => {
    const known = before.get(row.userId)
    if (known === row) return []
    const cells = row.cells.filter((cell, at) => !isSameCell(known?.cells[at], cell))
    if (known !== undefined && cells.length === 0 && hasSameTotals(known, row)) return []
    const { rank: _, ...totals } = row
    return [{ ...totals, cells }]
  })
}

const hasSameTotals = (a: BoardRow, b: BoardRow): boolean =>
  a.score === b.score && a.penalty === b.penalty && a.lastMinute === b.lastMinute && a.name === b.name && a.school === b.school

const isSameCell = (a: BoardCell | undefined, b: BoardCell): boolean =>
  a !== undefined &&
  a.problemId === b.problemId &&
  a.label === b.label &&
  a.solved === b.solved &&
  a.score === b.score &&
  a.attempts === b.attempts &&
  a.pending === b.pending &&
  a.minute === b.minute &&
  a.first === b.first

type Step = { readonly contestId: string; readonly previous: number; readonly revision: number }

/** The message for one step of the public board; `changes` undefined or too many: the client fetches. */
export function pushOf(step: Step, changes: readonly RowChange[] | undefined): LeaderboardChanged {
  const refetch: LeaderboardChanged = { ...step, cells: [], refetch: true }
  if (changes === undefined || changes.length > 200) return refetch
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
