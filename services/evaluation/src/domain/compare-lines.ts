import { agreed, type Comparison, type Difference, differ, isBlank, isSpace, placeOf, show } from './compare-place.ts'

const newline = 10
function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(newline, from)
  return end === -1 ? bytes.length : end
}
/** Where the line's trailing blanks begin. */
function endOfText(bytes: Uint8Array, from: number, end: number): number {
  let at = end
  while (at > from && isBlank(bytes[at - 1] ?? 0)) at--
  return at
}

/** The same bytes. */
export function openExact(given: Uint8Array): Comparison {
  let at = 0
  return {
    push(wanted) {
      const size = Math.min(wanted.length, given.length - at)
      for (let i = 0; i < size; i++)
        if (given[at + i] !== wanted[i]) {
          const place = placeOf(given, at + i)
          return differ(place, `${show(given, at + i, at + i + 1)} is there, expected ${show(wanted, i, i + 1)}`)
        }
      at += size
      return size < wanted.length ? differ(placeOf(given, at), `the output ends where ${show(wanted, size, size + 1)} was expected`) : undefined
    },
    end: () => (at === given.length ? agreed : differ(placeOf(given, at), `${show(given, at, at + 1)} comes after the end of the expected output`)),
  }
}

/**
 * Line by line, byte by byte. Trailing blanks of a line (`\r` among them, so that both ends of line are one) and blank lines at the end do not count.
 *
 * `begin` to `end` is the text of the participant's line at hand, without trailing blanks; `seen` counts the bytes of the expected line. As long as they are the
 * same nothing need be remembered: what the expected line has beyond the text must be blank.
 */
export function openLines(given: Uint8Array): Comparison {
  let begin = 0
  let lineEnd = endOfLine(given, 0)
  let end = endOfText(given, 0, lineEnd)
  let seen = 0
  const nextLine = () => {
    begin = Math.min(lineEnd + 1, given.length)
    lineEnd = endOfLine(given, begin)
    end = endOfText(given, begin, lineEnd)
    seen = 0
    return undefined
  }
  const surplus = (at: number) => differ(placeOf(given, at), `${show(given, at, endOfText(given, at, endOfLine(given, at)))} is there, expected nothing more`)
  const readByte = (wanted: Uint8Array, at: number): Difference | undefined => {
    const place = begin + seen++
    const byte = wanted[at] ?? 0
    if (place < end ? given[place] === byte : isBlank(byte)) return undefined
    const expected = show(wanted, at, at + 1) // of its line perhaps no more has come
    if (place < end) return differ(placeOf(given, place), `${show(given, place, place + 1)} is there, expected ${expected}`)
    return differ(placeOf(given, end), `the ${end === given.length ? 'output' : 'line'} ends where ${expected} was expected`)
  }
  return {
    push(wanted) {
      for (let at = 0; at < wanted.length; at++) {
        const found = wanted[at] !== newline ? readByte(wanted, at) : begin + seen < end ? surplus(begin + seen) : nextLine()
        if (found !== undefined) return found
      }
      return undefined
    },
    end() {
      let at = Math.min(begin + seen, end)
      while (at < given.length && isSpace(given[at] ?? 0)) at++
      return at === given.length ? agreed : surplus(at)
    },
  }
}
