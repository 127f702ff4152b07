/**
 * Answers of one revision of a board, by how many rows were asked for: the page asks for one number again and again, and whoever asks for many others must
 * neither fill the memory nor push that one out. So the longest unused go, and what has very many rows is made for each who asks.
 */
export type KeptAnswers<Answer> = {
  readonly revision: number
  find(top: number): Answer | undefined
  keep(top: number, answer: Answer): void
}

const mostAnswers = 8
/** A row is some 1.5 KB, kept plain and zipped: at most 30 MB a board, where somebody sees to it. */
const mostRows = 1_000

export function keptAnswers<Answer>(revision: number): KeptAnswers<Answer> {
  const byTop = new Map<number, Answer>()
  const keep = (top: number, answer: Answer) => {
    if (top > mostRows) return
    byTop.delete(top)
    byTop.set(top, answer)
    for (const longestUnused of byTop.keys()) if (byTop.size > mostAnswers) byTop.delete(longestUnused)
  }
  return {
    revision,
    keep,
    find(top) {
      const found = byTop.get(top)
      if (found !== undefined) keep(top, found)
      return found
    },
  }
}
