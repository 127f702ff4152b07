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
 */
export type Difference = { readonly equal: true } | { readonly equal: false; readonly detail: string }

const agreed: Difference = { equal: true }
const shownBytes = 40

export function compareOutput(given: Uint8Array, wanted: Uint8Array, options: Compare): Difference {
  const tolerant = options.floatAbsoluteTolerance !== undefined || options.floatRelativeTolerance !== undefined
  let g = 0
  let w = 0
  for (let token = 1; ; token++) {
    const gSpace = g
    const wSpace = w
    g = skipSpace(given, g)
    w = skipSpace(wanted, w)
    if (options.spaceChangeSensitive === true && !sameBytes({ bytes: given, from: gSpace, to: g }, { bytes: wanted, from: wSpace, to: w }, true))
      return differ(`white space before token ${token} differs`)
    const gEnd = endOfToken(given, g)
    const wEnd = endOfToken(wanted, w)
    if (g === gEnd && w === wEnd) return agreed
    if (g === gEnd) return differ(`the output ends where ${show(wanted, w, wEnd)} (token ${token}) was expected`)
    if (w === wEnd) return differ(`${show(given, g, gEnd)} (token ${token}) comes after the end of the expected output`)
    const number = tolerant ? readNumber(wanted, w, wEnd) : undefined
    const equal =
      number === undefined
        ? sameBytes({ bytes: given, from: g, to: gEnd }, { bytes: wanted, from: w, to: wEnd }, options.caseSensitive === true)
        : isClose(readNumber(given, g, gEnd), number, options)
    if (!equal) return differ(`token ${token} is ${show(given, g, gEnd)}, expected ${show(wanted, w, wEnd)}`)
    g = gEnd
    w = wEnd
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

/** Longer tokens are no numbers a problem would ask for, and reading them would cost. */
const longestNumber = 400
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
