/** Which rows of a long board are drawn, and which ranges of it are asked for. Positions from 0, ends not included. */
export type Range = { readonly from: number; readonly to: number }

/** Drawn beyond what is seen, so that a scroll finds rows and not paper. */
const spare = 6

/** What lies within the view: `top` and `height` in the same unit as `rowHeight`; `top` may be negative (above the first row). */
export function seenRows({ top, height, rowHeight, total }: { top: number; height: number; rowHeight: number; total: number }): Range {
  const from = Math.min(total, Math.max(0, Math.floor(top / rowHeight)))
  const to = Math.min(total, Math.max(from, Math.ceil((top + height) / rowHeight)))
  return { from, to }
}

export const drawnRows = ({ from, to }: Range, total: number): Range => ({ from: Math.max(0, from - spare), to: Math.min(total, to + spare) })

/** Pages aligned to multiples of `size`, the same for everybody, so that a server's answers are shared. At most `most`, the first of them. */
export function pagesOf({ from, to }: Range, size: number, most: number): number[] {
  const first = Math.floor(from / size)
  const last = Math.floor(Math.max(from, to - 1) / size)
  return Array.from({ length: Math.min(most, last - first + 1) }, (_, n) => first + n)
}

/** Where the row at `index` is, seen from the view. */
export const sideOf = (index: number, seen: Range): 'above' | 'within' | 'below' => (index < seen.from ? 'above' : index >= seen.to ? 'below' : 'within')
