/**
 * Answers of one revision of a board, by which rows were asked for: the page asks for one number again and again, and whoever asks for many others must
 * neither fill the memory nor push that one out. So the longest unused go, and what has very many rows is made for each who asks.
 */
export type KeptAnswers<Answer> = {
  readonly revision: number
  find(asked: Asked): Answer | undefined
  keep(asked: Asked, answer: Answer): void
}
export type Asked = { readonly top: number; readonly from?: number | undefined }

const mostAnswers = 8
/** A row is some 1.5 KB, kept plain and zipped: at most 30 MB a board, where somebody sees to it. */
const mostRows = 1_000

export function keptAnswers<Answer>(revision: number): KeptAnswers<Answer> {
  const byAsked = new Map<string, Answer>()
  const keep = (asked: Asked, answer: Answer) => {
    if (asked.top > mostRows) return
    const key = keyOf(asked)
    byAsked.delete(key)
    byAsked.set(key, answer)
    for (const longestUnused of byAsked.keys()) if (byAsked.size > mostAnswers) byAsked.delete(longestUnused)
  }
  return {
    revision,
    keep,
    find(asked) {
      const found = byAsked.get(keyOf(asked))
      if (found !== undefined) keep(asked, found)
      return found
    },
  }
}

const keyOf = ({ top, from = 0 }: Asked): string => `${from}+${top}`
