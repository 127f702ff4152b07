/**
 * Numbers as the ICPC problem package format 2025-09 defines them for whatever the default validator reads (General requirements):
 *
 *   float = [+-]? ( digit* "." digit+ | digit+ "." | digit+ ) ( [Ee] [+-]? digit+ )?
 *
 * to the end of the token. So `+1`, `1.`, `.5`, `007` and `1E+5` are numbers; `inf`, `nan`, `0x10`, `1e`, `1,5`, `1_000` and `1\0` are words. The reference in
 * C++ (Kattis problemtools, which reads by scanf) agrees but for `0x10` and the unfinished `1e`, which it takes for 16 and 1, and for what follows a NUL.
 * A number above the doubles (`1e400`) is a word to both; one below them is 0.
 *
 * A token may have any length and come in pieces: the first digits that can matter are kept, the rest is counted.
 * @see https://icpc.io/problem-package-format/spec/2025-09.html#general-requirements
 */

/** A double is settled by at most 767 significant digits and whether one after them is not 0. */
const keptDigits = 768
/** Above this an exponent decides alone: no token that fits into memory has as many digits. */
const farExponent = 1e12

const stage = { start: 0, signed: 1, whole: 2, barePoint: 3, point: 4, fraction: 5, exponent: 6, exponentSigned: 7, exponentDigits: 8, word: 9 } as const
type Stage = (typeof stage)[keyof typeof stage]
const isDigit = (byte: number) => byte >= 48 && byte <= 57

/** Powers of ten that a double holds exactly. */
const exactPowers = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
const exactDigits = 15

export class NumberReader {
  #stage: Stage = stage.start
  #isNegative = false
  /** Significant digits, as ASCII. */
  readonly #digits = new Uint8Array(keptDigits + 1)
  #kept = 0
  /** The first 15 of them as an integer. */
  #integer = 0
  /** The power of ten of the last kept digit, without the written exponent. */
  #scale = 0
  /** A digit other than 0 came after the kept ones. */
  #hasMore = false
  #exponent = 0
  #isExponentNegative = false

  /** Begins another token. */
  reset(): void {
    this.#stage = stage.start
    this.#isNegative = false
    this.#kept = 0
    this.#integer = 0
    this.#scale = 0
    this.#hasMore = false
    this.#exponent = 0
    this.#isExponentNegative = false
  }

  /** The token's next bytes. */
  push(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to && this.#stage !== stage.word; at++) {
      const byte = bytes[at] ?? 0
      if (isDigit(byte)) this.#readDigit(byte)
      else this.#readMark(byte)
    }
  }

  /** @returns undefined when the token is a word. */
  end(): number | undefined {
    const at = this.#stage
    if (at !== stage.whole && at !== stage.point && at !== stage.fraction && at !== stage.exponentDigits) return undefined
    const size = this.#size()
    if (size === Number.POSITIVE_INFINITY) return undefined
    return this.#isNegative ? -size : size
  }

  #readDigit(byte: number): void {
    if (this.#stage >= stage.exponent) {
      this.#stage = stage.exponentDigits
      if (this.#exponent < farExponent) this.#exponent = this.#exponent * 10 + byte - 48
    } else if (this.#stage >= stage.barePoint) {
      this.#stage = stage.fraction
      this.#keep(byte, -1)
    } else {
      this.#stage = stage.whole
      this.#keep(byte, 0)
    }
  }

  /** @param shift -1 behind the point. */
  #keep(byte: number, shift: 0 | -1): void {
    if (this.#kept === 0 && byte === 48) this.#scale += shift
    else if (this.#kept < keptDigits) {
      this.#digits[this.#kept++] = byte
      if (this.#kept <= exactDigits) this.#integer = this.#integer * 10 + byte - 48
      this.#scale += shift
    } else {
      if (byte !== 48) this.#hasMore = true
      this.#scale += shift + 1
    }
  }

  #readMark(byte: number): void {
    const at = this.#stage
    let next: Stage = stage.word
    if (byte === 46) {
      if (at <= stage.signed) next = stage.barePoint
      else if (at === stage.whole) next = stage.point
    } else if (byte === 69 || byte === 101) {
      if (at === stage.whole || at === stage.point || at === stage.fraction) next = stage.exponent
    } else if (byte === 43 || byte === 45) {
      if (at === stage.start) {
        next = stage.signed
        this.#isNegative = byte === 45
      } else if (at === stage.exponent) {
        next = stage.exponentSigned
        this.#isExponentNegative = byte === 45
      }
    }
    this.#stage = next
  }

  #size(): number {
    if (this.#kept === 0) return 0
    const power = this.#scale + (this.#isExponentNegative ? -this.#exponent : this.#exponent)
    // few digits and a power of ten that is exact: one operation, rounded once, as the standard wants it
    const exact = this.#kept <= exactDigits ? exactPowers[Math.abs(power)] : undefined
    if (exact !== undefined) return power < 0 ? this.#integer / exact : this.#integer * exact
    const digits = Buffer.from(this.#digits.buffer, 0, this.#kept).toString('latin1')
    return Number(this.#hasMore ? `${digits}1e${power - 1}` : `${digits}e${power}`)
  }
}
