/** A gentle flash where a row has changed: seldom enough for eyes to follow, and not at all for those who asked for no motion or to spare data. */
import type { BoardRow } from '#contracts/leaderboard'

const flashMs = 1_500
/** More than this within `perMs`, and nobody could say any longer what flashed. */
const most = 12
const perMs = 1_000
let recent: number[] = []

const same = (a: BoardRow['cells'][number] | undefined, b: BoardRow['cells'][number]) =>
  a !== undefined && a.score === b.score && a.attempts === b.attempts && a.pending === b.pending && a.solved === b.solved && a.first === b.first

/** Names of what differs: labels of problems, and `score`. */
export function changedParts(before: BoardRow, after: BoardRow): string[] {
  const known = new Map(before.cells.map((cell) => [cell.problemId, cell]))
  const labels = after.cells.filter((cell) => !same(known.get(cell.problemId), cell)).map(({ label }) => label)
  return before.score === after.score ? labels : ['score', ...labels]
}

export function flashChanges(row: HTMLElement, before: BoardRow, after: BoardRow): void {
  if (document.documentElement.hasAttribute('data-saver') || matchMedia('(prefers-reduced-motion: reduce)').matches) return
  const now = performance.now()
  recent = recent.filter((at) => now - at < perMs)
  for (const part of changedParts(before, after)) {
    if (recent.length >= most) return
    recent.push(now)
    row.querySelector(`[data-part="${CSS.escape(part)}"]`)?.animate([{ backgroundColor: 'var(--flash)' }, {}], { duration: flashMs, easing: 'ease-out' })
  }
}
