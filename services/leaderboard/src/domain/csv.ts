import type { TableCell, TableRow } from './results-table.ts'

export const separators = { comma: ',', semicolon: ';', tab: '\t' } as const
export type Separator = keyof typeof separators

/**
 * What a spreadsheet would read as a formula when a file is opened: a name that a participant chose must not run in a teacher's Excel. Also after blanks and
 * control characters, which some programs skip, and in the wide forms that others take for the same signs.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|]|^[\t\r\n]/u

/** The apostrophe makes it text in every spreadsheet. Numbers are ours, not typed by anybody. */
export const harmless = (text: string): string => (formula.test(text) ? `'${text}` : text)

function field(cell: TableCell, separator: string): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = harmless(cell)
  return text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, with the byte order mark without which Excel takes UTF-8 for something else. In pieces of many rows. */
export function* csvText(rows: Iterable<TableRow>, name: Separator): Generator<string> {
  const separator = separators[name]
  let piece = '\uFEFF'
  for (const row of rows) {
    piece += `${row.map((cell) => field(cell, separator)).join(separator)}\r\n`
    if (piece.length < 64 * 1024) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
