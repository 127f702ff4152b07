/** Where two outputs differ and how, for staff and samples: lines and columns count from 1, columns in bytes. Bounded and printable whatever the bytes are. */
export type Difference =
  | { readonly equal: true }
  | {
      readonly equal: false
      /** Words for staff: the place in the output, that in the expected output when it is another, what is there and what was expected. */
      readonly detail: string
      /** Of the participant's output. */
      readonly line: number
      readonly column: number
    }
export type Comparison = {
  /** The next piece of the expected output. @returns the difference as soon as there is one; no more need be pushed then. */
  push(wanted: Uint8Array): Difference | undefined
  /** After the last piece. */
  end(): Difference
}
export const agreed: Difference = { equal: true }

const newline = 10
/** White space of ASCII: tab, line feed, vertical tab, form feed, carriage return, space. */
export const isSpace = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13)
/** White space within a line. */
export const isBlank = (byte: number) => byte !== newline && isSpace(byte)
export type Place = { readonly line: number; readonly column: number }
/** The place of `bytes[at]`. Reads all before it, so only once a difference is found. */
export function placeOf(bytes: Uint8Array, at: number): Place {
  let line = 1
  let begin = 0
  for (let found = bytes.indexOf(newline); found !== -1 && found < at; found = bytes.indexOf(newline, begin)) {
    line++
    begin = found + 1
  }
  return { line, column: at - begin + 1 }
}

/** @param wanted the place in the expected output; absent when it is of no use. */
export function differ({ line, column }: Place, what: string, wanted?: Place): Difference {
  const there =
    wanted === undefined || (wanted.line === line && wanted.column === column) ? '' : ` (expected output: line ${wanted.line}, column ${wanted.column})`
  return { equal: false, detail: `line ${line}, column ${column}${there}: ${what}`, line, column }
}

const shownBytes = 40
export function show(bytes: Uint8Array, from: number, to: number): string {
  const shown = Array.from(bytes.subarray(from, Math.min(to, from + shownBytes)), (byte) =>
    byte > 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  )
  return `“${shown.join('')}${to - from > shownBytes ? '…' : ''}”`
}
