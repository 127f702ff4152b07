/** How many submissions went from which verdict to which. */
import type { RejudgedSubmission } from '#contracts/rejudging'
import { type Judged, outcomes } from './rejudging-form.ts'

export type MatrixRow = {
  readonly before: Judged
  /** One for each of the columns. The same verdict on both sides: other points. */
  readonly counts: readonly number[]
  readonly total: number
}
export type VerdictMatrix = { readonly columns: readonly Judged[]; readonly rows: readonly MatrixRow[] }

/** Only verdicts that occur have a row or a column. */
export function verdictMatrix(changes: readonly Pick<RejudgedSubmission, 'before' | 'after'>[]): VerdictMatrix {
  const counted = new Map<string, number>()
  for (const { before, after } of changes) {
    const key = `${before.verdict} ${after.verdict}`
    counted.set(key, (counted.get(key) ?? 0) + 1)
  }
  const columns = outcomes.filter((outcome) => changes.some(({ after }) => after.verdict === outcome))
  const rows = outcomes.map((before) => {
    const counts = columns.map((after) => counted.get(`${before} ${after}`) ?? 0)
    return { before, counts, total: counts.reduce((sum, count) => sum + count, 0) }
  })
  return { columns, rows: rows.filter(({ total }) => total > 0) }
}
