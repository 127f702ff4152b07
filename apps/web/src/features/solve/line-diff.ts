/** What a program printed beside what was expected, line by line, for pupils: the first line that differs matters most. Not a verdict: only the judge says that. */

export type DiffPiece = { readonly text: string; readonly isDifferent: boolean }
export type DiffRow = {
  /** From 1; of the expected output, or of the program's where that goes on longer. */
  readonly line: number
  readonly isSame: boolean
  /** Absent: there is no such line. */
  readonly expected?: readonly DiffPiece[]
  readonly printed?: readonly DiffPiece[]
}
/** `spacing`: the same words with other blanks or line ends. Most problems forgive that. */
export type Likeness = 'same' | 'spacing' | 'different'
export type LineDiff = { readonly likeness: Likeness; readonly firstLine: number | undefined; readonly rows: readonly DiffRow[]; readonly isCut: boolean }

const shownRows = 60
const leadRows = 3

const linesOf = (text: string) => {
  const lines = text.replace(/\r\n/g, '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean).join(' ')
const withoutBlanksAtEnds = (text: string) =>
  linesOf(text)
    .map((line) => line.replace(/[ \t\r]+$/, ''))
    .join('\n')
    .replace(/\n+$/, '')

function likenessOf(expected: string, printed: string): Likeness {
  if (withoutBlanksAtEnds(expected) === withoutBlanksAtEnds(printed)) return 'same'
  return wordsOf(expected) === wordsOf(printed) ? 'spacing' : 'different'
}

/** The middle that differs, between the common beginning and the common end. */
function pieces(line: string, other: string): readonly DiffPiece[] {
  const longest = Math.min(line.length, other.length)
  let begin = 0
  while (begin < longest && line[begin] === other[begin]) begin++
  let end = 0
  while (end < longest - begin && line[line.length - 1 - end] === other[other.length - 1 - end]) end++
  const cut = [
    { text: line.slice(0, begin), isDifferent: false },
    { text: line.slice(begin, line.length - end), isDifferent: true },
    { text: line.slice(line.length - end), isDifferent: false },
  ]
  return cut.filter(({ text }) => text !== '')
}

/** At most 60 rows, from a little before the first difference on. */
export function lineDiff(expected: string, printed: string): LineDiff {
  const [wanted, got] = [linesOf(expected), linesOf(printed)]
  const count = Math.max(wanted.length, got.length)
  const first = Array.from({ length: count }, (_, at) => at).find((at) => wanted[at] !== got[at])
  const from = Math.max(0, (first ?? 0) - leadRows)
  const rows = Array.from({ length: Math.min(count - from, shownRows) }, (_, offset) => row(from + offset, wanted[from + offset], got[from + offset]))
  return { likeness: likenessOf(expected, printed), firstLine: first === undefined ? undefined : first + 1, rows, isCut: from > 0 || count - from > shownRows }
}

function row(at: number, wanted: string | undefined, got: string | undefined): DiffRow {
  return {
    line: at + 1,
    isSame: wanted === got,
    ...(wanted !== undefined && { expected: pieces(wanted, got ?? '') }),
    ...(got !== undefined && { printed: pieces(got, wanted ?? '') }),
  }
}

const signs: Readonly<Record<string, string>> = { ' ': '·', '\t': '→', '\r': '␍', '\u00a0': '⍽' }
/** White space that can be seen. */
export const visible = (text: string) => text.replace(/[ \t\r\u00a0]/g, (blank) => signs[blank] ?? blank)
