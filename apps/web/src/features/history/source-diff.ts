/**
 * What changed from one program to the next, line by line, by the longest common run of lines (as `diff` shows it). Sources have at most 64 KiB; where the
 * changed middle is so large that the table would be, everything in it is shown as taken out and put in.
 */
export type DiffLine = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }
/** A run of the same lines that is not worth reading. */
export type Skipped = { readonly kind: 'skipped'; readonly count: number }

const largestTable = 1_000_000
const context = 3

export function sourceDiff(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ kind: 'same', text }))
  return [...same(now.slice(0, head)), ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)), ...same(now.slice(now.length - tail))]
}

const linesOf = (text: string) => text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')

function middle(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  const removed = old.map((text): DiffLine => ({ kind: 'removed', text }))
  const added = now.map((text): DiffLine => ({ kind: 'added', text }))
  if (old.length * now.length > largestTable) return [...removed, ...added]
  const width = now.length + 1
  // longest[i, j]: common lines of what follows line i of the old and line j of the new
  const longest = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--) longest[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', text: now[j++] ?? '' })
      i++
    } else if (i < old.length && (j >= now.length || at(i + 1, j) >= at(i, j + 1))) lines.push({ kind: 'removed', text: old[i++] ?? '' })
    else lines.push({ kind: 'added', text: now[j++] ?? '' })
  }
  return lines
}

/** The changes with three lines around each. */
export function withoutTheSame(lines: readonly DiffLine[]): readonly (DiffLine | Skipped)[] {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== 'same'))
  const shown: (DiffLine | Skipped)[] = []
  let count = 0
  for (const [at, line] of lines.entries()) {
    if (!near[at]) {
      count++
      continue
    }
    if (count > 0) shown.push({ kind: 'skipped', count })
    count = 0
    shown.push(line)
  }
  return count > 0 ? [...shown, { kind: 'skipped', count }] : shown
}
