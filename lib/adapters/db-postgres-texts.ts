import type { LongTexts } from '#ports/db'

/** Types of PostgreSQL's own catalogue never change their numbers. */
const TEXT = 25
const headBytes = 20

/**
 * A `text[]` as PostgreSQL itself would send it: number of dimensions, whether there are nulls, type, length, lower bound, then each text with its size
 * (-1: null). As text, an array is escaped here and read letter by letter there, which for programs of some KB costs both sides more than storing them.
 */
export function binaryTextArray({ values }: LongTexts): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : Buffer.byteLength(value)))
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + Math.max(0, size), headBytes))
  let at = 0
  for (const head of [1, sizes.includes(-1) ? 1 : 0, TEXT, values.length, 1]) at = bytes.writeInt32BE(head, at)
  for (const [index, value] of values.entries()) {
    at = bytes.writeInt32BE(sizes[index] as number, at)
    if (value !== null) at += bytes.write(value, at)
  }
  return bytes
}
