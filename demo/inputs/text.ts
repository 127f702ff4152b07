/** Name of the test → input text, in the order of judging: small and telling first. */
export type Tests = Record<string, string>
export const lines = (...rows: (string | number | readonly (string | number)[])[]) =>
  `${rows.map((row) => (Array.isArray(row) ? row.join(' ') : row)).join('\n')}\n`
export const repeat = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))
