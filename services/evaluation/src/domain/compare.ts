import type { Compare } from '#contracts/common'

/**
 * The default validator of the ICPC problem package format (`default_validator`): the output is read token by token beside the answer.
 *
 * - Tokens are runs of bytes other than white space (space, \t, \n, \v, \f, \r). White space itself is compared only with `spaceChangeSensitive`.
 * - `caseSensitive`: letters of tokens must agree in case too; else A–Z equal a–z (ASCII only, as the reference does).
 * - With a float tolerance, a token of the judge's that is a number makes the participant's be one, and they agree when either tolerance holds:
 *   |given − wanted| ≤ absolute, or ≤ relative × |wanted|. Tokens of the judge's that are no numbers compare as text.
 *   "A number" is what C's strtold takes: signs, exponents, `inf`, `nan`, hexadecimal. Infinite equals infinite of the same sign, nan equals nan.
 *
 * Bytes, not text: nothing is decoded, one pass, no copies; a token is decoded only when both are candidates for a number.
 *
 * The expected output comes in pieces, cut anywhere (`openComparison`), since it may be hundreds of megabytes in a file; of it no more is remembered than the
 * head of the token at hand. The participant's output, which the sandbox has capped, is at hand as a whole.
 */
export type Difference = { readonly equal: true } | { readonly equal: false; readonly detail: string }
export type Comparison = {
  /** The next piece of the expected output. @returns the difference as soon as there is one; no more need be pushed then. */
  push(wanted: Uint8Array): Difference | undefined
  /** After the last piece. */
  end(): Difference
}

/** Longer tokens are no numbers a problem would ask for, and reading them would cost. */
const longestNumber = 400
const agreed: Difference = { equal: true }
const shownBytes = 40

export function compareOutput(given: Uint8Array, wanted: Uint8Array, options: Compare): Difference {
  const comparison = openComparison(given, options)
  return comparison.push(wanted) ?? comparison.end()
}

/**
 * While the two are the same to the byte, which they are for most that is right, nothing else is looked at: equal bytes make equal tokens under all options.
 * At the first piece that differs the tokens are read from the start, out of the participant's output, which began the same.
 */
export function openComparison(given: Uint8Array, options: Compare): Comparison {
  let same = 0
  let tokens: Comparison | undefined
  const readTokens = () => {
    tokens = openTokenComparison(given, options)
    return tokens.push(given.subarray(0, same))
  }
  return {
    push(wanted) {
      if (tokens === undefined) {
        if (equalBytes(given.subarray(same, same + wanted.length), wanted)) {
          same += wanted.length
          return undefined
        }
        const found = readTokens()
        if (found !== undefined) return found
      }
      return tokens?.push(wanted)
    },
    end() {
      if (tokens === undefined && same === given.length) return agreed
      return (tokens === undefined ? readTokens() : undefined) ?? tokens?.end() ?? agreed
    },
  }
}

/**
 * States: in white space of the expected output (`inSpace`), in a token of it. `g` is the place in the participant's output: in white space as far as that is
 * the same; in a token its beginning, and `gEnd` its end. A token is judged when its last byte has come.
 */
function openTokenComparison(given: Uint8Array, options: Compare): Comparison {
  const tolerant = options.floatAbsoluteTolerance !== undefined || options.floatRelativeTolerance !== undefined
  const exactly = options.caseSensitive === true
  const head = new Uint8Array(longestNumber)
  let token = 1
  let inSpace = true
  let isSameSpace = true
  let g = 0
  let gEnd = 0
  let length = 0
  let isSameText = true
  let found: Difference | undefined

  /** The expected output's white space is over: the participant's must be, too. */
  const endSpace = (): Difference | undefined => {
    const afterSpace = skipSpace(given, g)
    if (options.spaceChangeSensitive === true && !(isSameSpace && afterSpace === g)) return differ(`white space before token ${token} differs`)
    g = afterSpace
    gEnd = endOfToken(given, g)
    inSpace = false
    length = 0
    isSameText = true
    return undefined
  }
  const endToken = (): Difference | undefined => {
    if (g === gEnd) return differ(`the output ends where ${show(head, 0, length)} (token ${token}) was expected`)
    const number = tolerant ? readNumber(head, 0, length) : undefined
    const equal = number === undefined ? isSameText && length === gEnd - g : isClose(readNumber(given, g, gEnd), number, options)
    if (!equal) return differ(`token ${token} is ${show(given, g, gEnd)}, expected ${show(head, 0, length)}`)
    g = gEnd
    token++
    inSpace = true
    isSameSpace = true
    return undefined
  }
  const readSpace = (wanted: Uint8Array, from: number): number => {
    let at = from
    for (; at < wanted.length && isSpace(wanted[at] ?? 0); at++) {
      if (isSameSpace && given[g] === wanted[at]) g++
      else isSameSpace = false
    }
    return at
  }
  const readToken = (wanted: Uint8Array, from: number): number => {
    const end = endOfToken(wanted, from)
    if (length < longestNumber) head.set(wanted.subarray(from, Math.min(end, from + longestNumber - length)), length)
    if (isSameText)
      isSameText =
        end - from <= gEnd - g - length && sameBytes({ bytes: given, from: g + length, to: g + length + end - from }, { bytes: wanted, from, to: end }, exactly)
    length += end - from
    return end
  }
  const read = (wanted: Uint8Array): Difference | undefined => {
    for (let at = 0; at < wanted.length; ) {
      at = inSpace ? readSpace(wanted, at) : readToken(wanted, at)
      const over = at < wanted.length ? (inSpace ? endSpace() : endToken()) : undefined
      if (over !== undefined) return over
    }
    return undefined
  }
  return {
    push(wanted) {
      found ??= read(wanted)
      return found
    },
    end() {
      if (!inSpace) found ??= endToken()
      found ??= endSpace()
      if (found !== undefined) return found
      return g === gEnd ? agreed : differ(`${show(given, g, gEnd)} (token ${token}) comes after the end of the expected output`)
    },
  }
}

const differ = (detail: string): Difference => ({ equal: false, detail })
const isSpace = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13)

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) at++
  return at
}
function endOfToken(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && !isSpace(bytes[at] ?? 32)) at++
  return at
}

const equalBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && Buffer.compare(a, b) === 0

const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)
type Span = { readonly bytes: Uint8Array; readonly from: number; readonly to: number }
function sameBytes(given: Span, wanted: Span, exactly: boolean): boolean {
  const length = given.to - given.from
  if (length !== wanted.to - wanted.from) return false
  for (let i = 0; i < length; i++) {
    const a = given.bytes[given.from + i] ?? 0
    const b = wanted.bytes[wanted.from + i] ?? 0
    if (a !== b && (exactly || lower(a) !== lower(b))) return false
  }
  return true
}

const decimalNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const infinite = /^[+-]?inf(inity)?$/i
const notANumber = /^[+-]?nan(\([A-Za-z0-9_]*\))?$/i
const hexadecimal = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i

/** @returns undefined when the token is no number as strtold reads it, to its end. */
function readNumber(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from > longestNumber) return undefined
  const text = String.fromCharCode(...bytes.subarray(from, to))
  if (decimalNumber.test(text)) return Number(text)
  if (infinite.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (notANumber.test(text)) return Number.NaN
  const hex = hexadecimal.exec(text)
  const digits = (hex?.[2] ?? '') + (hex?.[3] ?? '')
  if (hex === null || digits === '') return undefined
  const size = Number(BigInt(`0x${digits}`)) * 2 ** (Number(hex[4] ?? 0) - 4 * (hex[3] ?? '').length)
  return hex[1] === '-' ? -size : size
}

function isClose(given: number | undefined, wanted: number, { floatAbsoluteTolerance, floatRelativeTolerance }: Compare): boolean {
  if (given === undefined) return false
  if (Number.isNaN(wanted)) return Number.isNaN(given)
  if (given === wanted) return true
  if (!Number.isFinite(wanted) || !Number.isFinite(given)) return false
  const distance = Math.abs(given - wanted)
  if (floatAbsoluteTolerance !== undefined && distance <= floatAbsoluteTolerance) return true
  return floatRelativeTolerance !== undefined && distance <= floatRelativeTolerance * Math.abs(wanted)
}

const show = (bytes: Uint8Array, from: number, to: number) => {
  const shown = Array.from(bytes.subarray(from, Math.min(to, from + shownBytes)), (byte) =>
    byte > 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  )
  return `“${shown.join('')}${to - from > shownBytes ? '…' : ''}”`
}
