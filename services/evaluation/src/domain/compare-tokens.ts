import { NumberReader } from './compare-number.ts'
import { agreed, type Comparison, type Difference, differ, isSpace, type Place, placeOf, show } from './compare-place.ts'

/**
 * Two outputs token by token. Tokens are runs of bytes other than white space: `\0`, `\x80` and whatever else is no white space of ASCII is a byte of a token
 * like others. Words compare byte by byte, A–Z like a–z unless `isExact`; a number of the expected output's compares as one when there is a tolerance.
 */
export type TokenRules = {
  readonly isExact: boolean
  /** White space must be the same to the byte, at the beginning and end too. */
  readonly areSpacesExact: boolean
  readonly absolute: number | undefined
  readonly relative: number | undefined
  /** `inf`, `infinity` and `nan`, signed or not, in whatever case, are numbers: as many languages print them as many ways. */
  readonly hasNonFinite: boolean
}

export function openTokens(given: Uint8Array, rules: TokenRules): Comparison {
  return new Tokens(given, rules)
}

/** As much of a token as is shown or can be one of the few words that are numbers. */
const headBytes = 48

/**
 * States: in white space of the expected output (`#inSpace`), in a token of it. `#g` is the place in the participant's output: in white space as far as that
 * is the same; in a token its beginning, and `#gEnd` its end. A token is judged when its last byte has come. Of the expected output no more is remembered
 * than the head of a token that a piece's end has cut, and the digits of a number.
 */
class Tokens implements Comparison {
  readonly #given: Uint8Array
  readonly #rules: TokenRules
  readonly #isTolerant: boolean
  readonly #wantedNumber = new NumberReader()
  readonly #givenNumber = new NumberReader()
  readonly #head = new Uint8Array(headBytes)
  #token = 1
  #inSpace = true
  #isSameSpace = true
  #g = 0
  #gEnd = 0
  /** Of the token at hand: its bytes so far, and how many of them came with pieces before this one. */
  #length = 0
  #early = 0
  #isSameText = true
  /** How many bytes of the expected output came before this piece, and where its last line begins. */
  #before = 0
  #line = 1
  #lineBegin = 0
  #found: Difference | undefined

  constructor(given: Uint8Array, rules: TokenRules) {
    this.#given = given
    this.#rules = rules
    this.#isTolerant = rules.absolute !== undefined || rules.relative !== undefined
  }

  push(wanted: Uint8Array): Difference | undefined {
    this.#found ??= this.#read(wanted)
    return this.#found
  }

  end(): Difference {
    if (!this.#inSpace) this.#found ??= this.#endToken(new Uint8Array(), 0, 0)
    this.#found ??= this.#endSpace(0)
    if (this.#found !== undefined) return this.#found
    if (this.#g === this.#gEnd) return agreed
    return this.#differs(`${show(this.#given, this.#g, this.#gEnd)} (token ${this.#token}) comes after the end of the expected output`)
  }

  #read(wanted: Uint8Array): Difference | undefined {
    for (let at = 0; at < wanted.length; ) {
      const end = this.#inSpace ? this.#readSpace(wanted, at) : this.#readToken(wanted, at)
      if (end < wanted.length) {
        const found = this.#inSpace ? this.#endSpace(end) : this.#endToken(wanted, at, end)
        if (found !== undefined) return found
      } else if (!this.#inSpace) this.#keepCut(wanted, at, end)
      at = end
    }
    this.#before += wanted.length
    return undefined
  }

  #readSpace(wanted: Uint8Array, from: number): number {
    let at = from
    for (; at < wanted.length; at++) {
      const byte = wanted[at] ?? 0
      if (!isSpace(byte)) return at
      if (byte === 10) {
        this.#line++
        this.#lineBegin = this.#before + at + 1
      }
      if (this.#isSameSpace && this.#given[this.#g] === byte) this.#g++
      else this.#isSameSpace = false
    }
    return at
  }

  /** The expected output's white space is over, at `at` of the piece: the participant's must be, too. */
  #endSpace(at: number): Difference | undefined {
    let after = this.#g
    while (after < this.#given.length && isSpace(this.#given[after] ?? 0)) after++
    if (this.#rules.areSpacesExact && !(this.#isSameSpace && after === this.#g)) return this.#differs(`white space before token ${this.#token} differs`, at)
    this.#g = after
    this.#gEnd = this.#endOfToken(this.#given, after)
    this.#inSpace = false
    this.#length = 0
    this.#early = 0
    this.#isSameText = true
    return undefined
  }

  #readToken(wanted: Uint8Array, from: number): number {
    const end = this.#endOfToken(wanted, from)
    const size = end - from
    if (this.#isSameText) this.#isSameText = size <= this.#gEnd - this.#g - this.#length && this.#hasText(wanted, from, end)
    this.#length += size
    return end
  }

  #endOfToken(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length && !isSpace(bytes[at] ?? 32)) at++
    return at
  }

  #hasText(wanted: Uint8Array, from: number, end: number): boolean {
    const begin = this.#g + this.#length - from
    for (let at = from; at < end; at++) {
      const a = this.#given[begin + at] ?? 0
      const b = wanted[at] ?? 0
      if (a !== b && (this.#rules.isExact || lower(a) !== lower(b))) return false
    }
    return true
  }

  /** The piece ends within the token, or with it. */
  #keepCut(wanted: Uint8Array, from: number, end: number): void {
    this.#keepHead(wanted, from, end)
    if (this.#isTolerant) {
      if (this.#early === 0) this.#wantedNumber.reset()
      this.#wantedNumber.push(wanted, from, end)
    }
    this.#early = this.#length
  }

  #keepHead(wanted: Uint8Array, from: number, end: number): void {
    if (this.#early < headBytes) this.#head.set(wanted.subarray(from, Math.min(end, from + headBytes - this.#early)), this.#early)
  }

  /** `wanted` from `from` to `end` is the token's last part. */
  #endToken(wanted: Uint8Array, from: number, end: number): Difference | undefined {
    const isSame = this.#isSameText && this.#length === this.#gEnd - this.#g // then it is as near as can be, too
    if (!isSame && !this.#isNear(wanted, from, end)) {
      this.#keepHead(wanted, from, end)
      const expected = show(this.#head, 0, Math.min(this.#length, headBytes))
      const begin = end - this.#length
      if (this.#g === this.#gEnd) return this.#differs(`the output ends where ${expected} (token ${this.#token}) was expected`, begin)
      return this.#differs(`token ${this.#token} is ${show(this.#given, this.#g, this.#gEnd)}, expected ${expected}`, begin)
    }
    this.#g = this.#gEnd
    this.#token++
    this.#inSpace = true
    this.#isSameSpace = true
    return undefined
  }

  #isNear(wanted: Uint8Array, from: number, end: number): boolean {
    if (!this.#isTolerant || this.#g === this.#gEnd) return false
    if (this.#early === 0) this.#wantedNumber.reset()
    this.#wantedNumber.push(wanted, from, end)
    if (this.#rules.hasNonFinite) this.#keepHead(wanted, from, end)
    const number = this.#wantedNumber.end() ?? this.#nonFinite(this.#head, 0, this.#length)
    if (number === undefined) return false
    this.#givenNumber.reset()
    this.#givenNumber.push(this.#given, this.#g, this.#gEnd)
    const given = this.#givenNumber.end() ?? this.#nonFinite(this.#given, this.#g, this.#gEnd)
    return given !== undefined && isClose(given, number, this.#rules)
  }

  #nonFinite(bytes: Uint8Array, from: number, to: number): number | undefined {
    if (!this.#rules.hasNonFinite || to - from > longestNonFinite) return undefined
    return nonFinite.get(Buffer.from(bytes.subarray(from, to)).toString('latin1').toLowerCase())
  }

  /** @param at where in the piece the expected output is, absent at its end. */
  #differs(what: string, at?: number): Difference {
    const wanted: Place | undefined = at === undefined ? undefined : { line: this.#line, column: this.#before + at - this.#lineBegin + 1 }
    return differ(placeOf(this.#given, this.#g), what, wanted)
  }
}

const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

const longestNonFinite = '+infinity'.length
const nonFinite = new Map<string, number>(
  ['', '+', '-'].flatMap((sign) => [
    [`${sign}inf`, sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY] as const,
    [`${sign}infinity`, sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY] as const,
    [`${sign}nan`, Number.NaN] as const,
  ]),
)

/** |given − wanted| ≤ absolute, or ≤ relative × |wanted|, in doubles; what is not finite agrees with its like only. */
function isClose(given: number, wanted: number, { absolute, relative }: TokenRules): boolean {
  if (Object.is(given, wanted)) return true
  if (!Number.isFinite(wanted) || !Number.isFinite(given)) return false
  const distance = Math.abs(given - wanted)
  return (absolute !== undefined && distance <= absolute) || (relative !== undefined && distance <= relative * Math.abs(wanted))
}
