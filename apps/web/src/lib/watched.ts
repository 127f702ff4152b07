/** Submissions whose verdict is on the screen now: it is said there, so no message in the corner repeats it. */
const counts = new Map<string, number>()

export function watch(id: string): () => void {
  counts.set(id, (counts.get(id) ?? 0) + 1)
  return () => {
    const left = (counts.get(id) ?? 1) - 1
    if (left > 0) counts.set(id, left)
    else counts.delete(id)
  }
}

export const isWatched = (id: string) => counts.has(id)
