import type { Judged } from './facts.ts'

/** What a judged run won of its problem: thousandths of whatever full marks the package has, in bounds; a problem without points of its own has 100. */
export type Marks = { readonly milli: number; readonly maxMilli: number }

const within = (milli: number, maxMilli: number): number => Math.min(Math.max(0, milli), maxMilli)

export function marksOf({ score, points }: Pick<Judged, 'score' | 'points'>): Marks {
  if (points === undefined || points.maxMilli <= 0) return { milli: score, maxMilli: 100 }
  return { milli: within(points.milli, points.maxMilli), maxMilli: points.maxMilli }
}

/** By subtask; a run without any is one by itself. Subtasks within subtasks count once, by the outermost. */
export function subtasksOf({ score, points }: Pick<Judged, 'score' | 'points'>): readonly (Marks & { readonly name: string })[] {
  const marks = marksOf({ score, points })
  const groups = (points?.groups ?? []).filter(({ maxMilli }) => maxMilli > 0)
  const outermost = groups.filter(({ name }) => !groups.some((other) => name.startsWith(`${other.name}/`)))
  const sum = outermost.reduce((total, group) => total + group.maxMilli, 0)
  // groups that do not make up the whole would lose or invent points when they are summed
  if (outermost.length === 0 || sum !== marks.maxMilli) return [{ name: '', ...marks }]
  return outermost.map(({ name, milli, maxMilli }) => ({ name, milli: within(milli, maxMilli), maxMilli }))
}

/** Below 0, 0 or above as the first share is smaller, equal or larger: exactly, whatever the full marks of each. */
export const compareShares = (a: Marks, b: Marks): number =>
  a.maxMilli === b.maxMilli ? a.milli - b.milli : Number(BigInt(a.milli) * BigInt(b.maxMilli) - BigInt(b.milli) * BigInt(a.maxMilli))

/** The share of a contest's points, floored. Exact: points ≤ 10^5 and milli ≤ 10^9, so that a quotient is further from the next whole number than doubles err. */
export const pointsFor = (points: number, { milli, maxMilli }: Marks): number => Math.floor((points * milli) / maxMilli)
export const isFull = ({ milli, maxMilli }: Marks): boolean => milli === maxMilli
