import { agreed, type Comparison, type Difference, differ, isBlank, placeOf, show } from './compare-place.ts'

const newline = 10
/** Above this many lines or bytes a difference is known, but not its place. */
const placedLines = 50_000
const placedBytes = 4 * 1024 ** 2
/** A large output of the participant's is read in step with the expected one, so that no turn takes long. */
const stepBytes = 1024 ** 2
const headBytes = 48

/**
 * The same lines in any order, each as often. Trailing blanks and blank lines do not count.
 *
 * Either side is a count of lines and a sum of their digests (128 bits), whatever its size: equal multisets have equal sums, others collide by chance only, once
 * in 2^128. Who would collide on purpose must know the expected lines, and could print them. Where the participant's lines are few, they are also counted by
 * digest, to say which line is missing or too many.
 */
export function openUnorderedLines(given: Uint8Array): Comparison {
  let places = given.length > placedBytes ? undefined : new Map<number, number[]>()
  const mine = new LineSums((digest, begin) => {
    if (mine.count > placedLines) places = undefined
    const known = places?.get(digest)
    if (known === undefined) places?.set(digest, [begin])
    else known.push(begin)
  })
  let read = 0
  const readMine = (bytes: number) => {
    if (read === given.length) return
    mine.push(given.subarray(read, read + bytes))
    read = Math.min(given.length, read + bytes)
    if (read === given.length) mine.endLine()
  }
  if (places !== undefined) readMine(given.length)
  let found: Difference | undefined
  const wanted = new LineSums((digest) => {
    if (found !== undefined || places === undefined) return
    if (places.get(digest)?.pop() !== undefined) return
    const line = `line ${wanted.line} of the expected output, ${wanted.shown},`
    found = differ(placeOf(given, given.length), `${line} is not there${places.has(digest) ? ' as often' : ''}`)
  })
  return {
    push(piece) {
      if (found === undefined) {
        readMine(Math.max(stepBytes, piece.length))
        wanted.push(piece)
      }
      return found
    },
    end() {
      wanted.endLine()
      if (found !== undefined) return found
      while (read < given.length && mine.count <= wanted.count) readMine(stepBytes)
      if (wanted.equals(mine)) return agreed
      const left = [...(places?.values() ?? [])].flat()
      if (left.length === 0)
        return differ({ line: 1, column: 1 }, `${read < given.length ? 'more than ' : ''}${mine.count} lines are not the ${wanted.count} expected ones`)
      const at = left.reduce((least, begin) => Math.min(least, begin)) // many at once would not fit onto the stack
      const end = given.indexOf(newline, at)
      return differ(placeOf(given, at), `${show(given, at, end === -1 ? given.length : end)} is not expected, or not as often`)
    },
  }
}

/**
 * Lines of an output that comes in pieces. A line's digest is one round of SipHash's mixing (with 32-bit words) a byte and four at its end: not a cryptographic
 * one, which takes a microsecond even for a short line. Trailing blanks are mixed in like other bytes, and undone at the end of the line.
 */
class LineSums {
  count = 0
  /** Of the line at hand, from 1. */
  line = 1
  readonly #onLine: (digest: number, begin: number) => void
  readonly #sums = new Int32Array(4)
  /** The state after the bytes so far, and after the last of them that is no blank. */
  readonly #state = Int32Array.from(seed)
  readonly #text = Int32Array.from(seed)
  readonly #head = new Uint8Array(headBytes)
  #length = 0
  #textLength = 0
  #at = 0
  #begin = 0

  constructor(onLine: (digest: number, begin: number) => void) {
    this.#onLine = onLine
  }

  push(bytes: Uint8Array): void {
    for (let from = 0; ; ) {
      const found = bytes.indexOf(newline, from)
      this.#readPart(bytes, from, found === -1 ? bytes.length : found)
      if (found === -1) break
      this.endLine()
      this.line++
      from = found + 1
      this.#begin = this.#at + from
    }
    this.#at += bytes.length
  }

  /** At a newline, and once after the last piece. */
  endLine(): void {
    if (this.#textLength > 0) {
      this.#text[2] = (this.#text[2] ?? 0) ^ 0xff ^ (this.#textLength << 8)
      for (let round = 0; round < 4; round++) mix(this.#text, oneByte, 0, 1)
      for (let lane = 0; lane < 4; lane++) this.#sums[lane] = (this.#sums[lane] ?? 0) + (this.#text[lane] ?? 0)
      this.count++
      this.#onLine(((this.#text[0] ?? 0) >>> 0) * 2 ** 21 + ((this.#text[1] ?? 0) >>> 11), this.#begin)
    }
    this.#state.set(seed)
    this.#text.set(seed)
    this.#length = 0
    this.#textLength = 0
  }

  equals(other: LineSums): boolean {
    return this.count === other.count && this.#sums.every((sum, lane) => sum === other.#sums[lane])
  }

  get shown(): string {
    return show(this.#head, 0, Math.min(this.#textLength, headBytes))
  }

  #readPart(bytes: Uint8Array, from: number, to: number): void {
    if (this.#length < headBytes) this.#head.set(bytes.subarray(from, Math.min(to, from + headBytes - this.#length)), this.#length)
    let text = to
    while (text > from && isBlank(bytes[text - 1] ?? 0)) text--
    if (text > from) {
      mix(this.#state, bytes, from, text)
      this.#text.set(this.#state)
      this.#textLength = this.#length + text - from
    }
    if (text < to) mix(this.#state, bytes, text, to)
    this.#length += to - from
  }
}

/** Any four words that are not alike. */
const seed = Int32Array.of(0x736f6d65, 0x646f7261, 0x6c796765, 0x74656462)
const oneByte = Uint8Array.of(1)

function mix(state: Int32Array, bytes: Uint8Array, from: number, to: number): void {
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    d ^= byte
    a = (a + b) | 0
    b = ((b << 5) | (b >>> 27)) ^ a
    a = (a << 16) | (a >>> 16)
    c = (c + d) | 0
    d = ((d << 8) | (d >>> 24)) ^ c
    a = (a + d) | 0
    d = ((d << 7) | (d >>> 25)) ^ a
    c = (c + b) | 0
    b = ((b << 13) | (b >>> 19)) ^ c
    c = (c << 16) | (c >>> 16)
    a ^= byte
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}
