import type { BoardCell, BoardRow } from '#contracts/leaderboard'
import { type BoardRules, byTime } from './facts.ts'
import type { ScoredCell, ScoredRow } from './format.ts'

export type Named = { readonly row: ScoredRow; readonly name: string; readonly school: string }

/**
 * Rows that meet: ranks and firsts. Order: score, then penalty, then minute of the last acceptance; equals share a rank and the next ranks stay empty;
 * within a rank by name, then id. Names compare by code unit: the same everywhere, whatever the machine's language.
 */
export function rank(rules: BoardRules, entries: Iterable<Named>): BoardRow[] {
  const sorted = [...entries].sort(compare)
  const firsts = firstsOf(sorted)
  const rows: BoardRow[] = []
  let place = 1
  sorted.forEach((entry, at) => {
    const above = sorted[at - 1]
    if (above !== undefined && compareTotals(above.row, entry.row) !== 0) place = at + 1
    rows.push(shown(rules, entry, place, firsts))
  })
  return rows
}

const compareTotals = (a: ScoredRow, b: ScoredRow): number => b.score - a.score || a.penalty - b.penalty || a.lastMinute - b.lastMinute
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const compare = (a: Named, b: Named): number => compareTotals(a.row, b.row) || compareText(a.name, b.name) || compareText(a.row.userId, b.row.userId)

/** problemId → the submission that solved it before all others. */
function firstsOf(entries: readonly Named[]): ReadonlyMap<string, string> {
  const earliest = new Map<string, NonNullable<ScoredCell['solvedBy']>>()
  for (const { row } of entries) {
    for (const { problemId, solvedBy } of row.cells) {
      if (solvedBy === undefined) continue
      const known = earliest.get(problemId)
      if (known === undefined || byTime(solvedBy, known) < 0) earliest.set(problemId, solvedBy)
    }
  }
  return new Map([...earliest].map(([problemId, solvedBy]) => [problemId, solvedBy.submissionId]))
}

function shown(rules: BoardRules, { row, name, school }: Named, place: number, firsts: ReadonlyMap<string, string>): BoardRow {
  const { userId, score, penalty, lastMinute } = row
  const cells = row.cells.map((cell, at): BoardCell => {
    const isFirst = cell.solvedBy !== undefined && firsts.get(cell.problemId) === cell.solvedBy.submissionId
    return {
      problemId: cell.problemId,
      label: rules.problems[at]?.label ?? '',
      solved: cell.solved,
      score: cell.score,
      attempts: cell.attempts,
      pending: cell.pending,
      ...(cell.minute === undefined ? {} : { minute: cell.minute }),
      ...(isFirst ? { first: true } : {}),
    }
  })
  return { rank: place, userId, name, school, score, penalty, lastMinute, cells }
}

/** The first `top` rows, and `around` rows on each side of the caller's own: in order, none twice. */
export function windowOf(rows: readonly BoardRow[], asked: { top: number; around: number; userId: string | undefined }): BoardRow[] {
  const own = asked.around > 0 && asked.userId !== undefined ? rows.findIndex((row) => row.userId === asked.userId) : -1
  if (own < 0) return rows.slice(0, asked.top)
  const from = Math.max(0, own - asked.around)
  return [...rows.slice(0, Math.min(asked.top, from)), ...rows.slice(from, Math.max(own + asked.around + 1, asked.top))]
}
