import type { Totals } from './format.ts'

export type Standing = { readonly rank: number; readonly score: number; readonly penalty: number }

/** Ranks of a whole board from its totals alone: as ranked views count them, equals share one and the next stay empty. */
export function standings(totals: ReadonlyMap<string, Totals>): ReadonlyMap<string, Standing> {
  const inOrder = [...totals].sort(([, a], [, b]) => compare(a, b))
  const ranked = new Map<string, Standing>()
  let rank = 0
  let last: Totals | undefined
  for (const [at, [userId, own]] of inOrder.entries()) {
    if (last === undefined || compare(last, own) !== 0) rank = at + 1
    last = own
    ranked.set(userId, { rank, score: own.score, penalty: own.penalty })
  }
  return ranked
}

/** Better first. */
const compare = (a: Totals, b: Totals): number => b.score - a.score || a.penalty - b.penalty || a.lastMinute - b.lastMinute
