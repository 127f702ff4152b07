/** Finding rows of a board that is held whole, by the rules of the server's search: beginnings of words, case and accents do not count. */
import type { BoardRow } from '#contracts/leaderboard'

/** What the address of the page says: what is looked for, of which school, and whether only starred rows are shown. */
export type Filter = { readonly text: string; readonly school: string; readonly onlyStarred: boolean }

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

const hasAll = (words: readonly string[], wanted: readonly string[]) => wanted.every((begin) => words.some((word) => word.startsWith(begin)))

export const isFiltering = ({ text, school, onlyStarred }: Filter): boolean => onlyStarred || wordsOf(text).length > 0 || wordsOf(school).length > 0

export function findRows(rows: readonly BoardRow[], { text, school, onlyStarred }: Filter, starred: ReadonlySet<string>): BoardRow[] {
  const [anywhere, ofSchool] = [wordsOf(text), wordsOf(school)]
  return rows.filter(
    (row) =>
      (!onlyStarred || starred.has(row.userId)) &&
      (ofSchool.length === 0 || hasAll(wordsOf(row.school), ofSchool)) &&
      (anywhere.length === 0 || hasAll(wordsOf(`${row.name} ${row.school}`), anywhere)),
  )
}

/** Each once, in order of the alphabet. */
export const schoolsOf = (rows: readonly BoardRow[]): string[] =>
  [...new Set(rows.map(({ school }) => school).filter((school) => school !== ''))].sort((a, b) => a.localeCompare(b))

const keys = { text: 'find', school: 'school', onlyStarred: 'starred' } as const

export function filterIn(search: string): Filter {
  const given = new URLSearchParams(search)
  return {
    text: (given.get(keys.text) ?? '').slice(0, 100),
    school: (given.get(keys.school) ?? '').slice(0, 100),
    onlyStarred: given.get(keys.onlyStarred) === '1',
  }
}
/** The search of an address with this filter; whatever else it says stays. */
export function searchWith(search: string, filter: Filter): string {
  const given = new URLSearchParams(search)
  const put = (key: string, value: string) => (value === '' ? given.delete(key) : given.set(key, value))
  put(keys.text, filter.text)
  put(keys.school, filter.school)
  put(keys.onlyStarred, filter.onlyStarred ? '1' : '')
  return given.toString()
}
