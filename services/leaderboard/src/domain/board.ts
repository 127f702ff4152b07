import type { BoardCell, BoardRow } from '#contracts/leaderboard'
import type { BoardProblem } from './facts.ts'
import type { Firsts } from './firsts.ts'
import type { ScoredCell, ScoredRow } from './format.ts'

/**
 * How a row is ordered, kept and shown. Order: score, then penalty, then minute of the last acceptance; equals share a rank and the next ranks stay empty;
 * within a rank by name, then id. Names compare by code unit: the same everywhere, whatever the machine's language.
 */
export type Named = { readonly row: ScoredRow; readonly name: string; readonly school: string }

/** What a ranked view keeps of a row (ports/ranked-view.ts). */
export type RowText = { readonly rank: string; readonly tie: string; readonly body: string }
type Body = readonly [name: string, school: string, score: number, penalty: number, lastMinute: number, cells: readonly CellBody[]]
type CellBody = readonly [solved: 0 | 1, score: number, attempts: number, pending: number, minute: number | null]

/** Short: a large board is kept a million times over. Which submission solved a cell is left out: it never leaves the service. */
export function rowText({ row, name, school }: Named): RowText {
  const cells = row.cells.map((cell): CellBody => [cell.solved ? 1 : 0, cell.score, cell.attempts, cell.pending, cell.minute ?? null])
  const body: Body = [name, school, row.score, row.penalty, row.lastMinute, cells]
  return { rank: rankText(row), tie: name, body: JSON.stringify(body) }
}

/** Whole numbers up to 2^53 in a width that fits all, so that texts are in order as the numbers are. */
const width = Number.MAX_SAFE_INTEGER.toString(36).length
const ascending = (n: number): string => n.toString(36).padStart(width, '0')
const rankText = (row: ScoredRow): string => ascending(Number.MAX_SAFE_INTEGER - row.score) + ascending(row.penalty) + ascending(row.lastMinute)

/** What a row is shown with: the board's problems, and who was first at each. */
export type Around = { readonly problems: readonly Pick<BoardProblem, 'problemId' | 'label'>[]; readonly firsts: Readonly<Record<string, string>> }
export const firstUsers = (firsts: Firsts): Record<string, string> =>
  Object.fromEntries(Object.entries(firsts).map(([problemId, { userId }]) => [problemId, userId]))

export function shownRow(around: Around, { place, id, body }: { readonly place: number; readonly id: string; readonly body: string }): BoardRow {
  const [name, school, score, penalty, lastMinute, cells] = JSON.parse(body) as Body
  const shown = cells.map(([solved, cellScore, attempts, pending, minute], at) =>
    shownCell(around, id, at, {
      problemId: around.problems[at]?.problemId ?? '',
      solved: solved === 1,
      score: cellScore,
      attempts,
      pending,
      ...(minute === null ? {} : { minute }),
    }),
  )
  return { rank: place, userId: id, name, school, score, penalty, lastMinute, cells: shown }
}

/** `at`: the problem's position. */
export function shownCell({ problems, firsts }: Around, userId: string, at: number, cell: ScoredCell): BoardCell {
  const { problemId, solved, score, attempts, pending, minute } = cell
  return {
    problemId,
    label: problems[at]?.label ?? '',
    solved,
    score,
    attempts,
    pending,
    ...(minute === undefined ? {} : { minute }),
    ...(firsts[problemId] === userId ? { first: true } : {}),
  }
}
