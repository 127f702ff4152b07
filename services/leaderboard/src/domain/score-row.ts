import type { ContestFormat } from '#contracts/common'
import type { Instant } from '#kernel/time'
import { type BoardRules, type Fact, participationOf, type Run } from './facts.ts'
import type { Format, ScoredCell, ScoredRow } from './format.ts'
import { icpc } from './icpc.ts'
import { ioi } from './ioi.ts'
import { points } from './points.ts'

/** A new format is a module beside these and a line here. */
const formats = { icpc: () => icpc, points: () => points, ioi: ({ scoring }) => ioi[scoring] } as const satisfies Record<
  ContestFormat,
  (rules: BoardRules) => Format
>

/**
 * One participant's row: a pure function of the rules, that participant's facts (any order, duplicates welcome) and the cut.
 * Facts submitted at or after `cut` count as pending and nothing else is known of them; a cell solved before the cut shows none of them, which is
 * decided by what is public already. @returns undefined without a registration.
 */
export function scoreRow(rules: BoardRules, userId: string, facts: readonly Fact[], cut: Instant | undefined): ScoredRow | undefined {
  const participation = participationOf(facts, cut)
  if (participation === undefined) return undefined
  const format = formats[rules.format](rules)
  const startedAt = rules.commonStart ?? participation.startedAt
  const runsOf = Map.groupBy(participation.runs, (run: Run) => run.problemId)
  const cells = rules.problems.map((problem): ScoredCell => {
    const cell = format.cell(problem, runsOf.get(problem.problemId) ?? [], startedAt)
    const hidden = cell.solved ? 0 : (participation.hidden.get(problem.problemId) ?? 0)
    return hidden === 0 ? cell : { ...cell, pending: cell.pending + hidden }
  })
  return { userId, ...format.totals(cells, rules), cells }
}

/** Every participant's row, from a whole log. */
export function scoreAll(rules: BoardRules, facts: readonly Fact[], cut: Instant | undefined): ScoredRow[] {
  return [...Map.groupBy(facts, (fact) => fact.userId)].flatMap(([userId, own]) => scoreRow(rules, userId, own, cut) ?? [])
}
