import { fail, ok, type Result } from './result.ts'

/**
 * Decimal numbers as people type them, kept exactly: `digits` × 10^`exponent`. Doubles get boundaries wrong (1.05 against 1 within 0.05).
 *
 * Understood: a point or a comma as the decimal sign, spaces (plain, thin, no-break) and apostrophes between groups of three, `1,234,567` and
 * `1.234.567`, Unicode minus, full-width digits, `1e8`, `1×10^8`, `1·10⁸`, `1*10^8`, `10^8`.
 * What may mean two things (`1,500`) is refused with the reason: "cannot read" is not "wrong".
 */
export type Decimal = { readonly digits: bigint; readonly exponent: number }

/** Why a text is no number; fits after "The answer cannot be read: ". */
export type DecimalProblem = { readonly problem: string }

/** Exponents beyond this are refused: exact arithmetic on them would need that many digits. */
export const maxExponent = 400
const maxLength = 100

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const spaces = /[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/gu
const refuse = (problem: string) => fail({ problem })

/** One spelling for signs, digits and the ten-to-the-power part. Leaves group separators alone. */
function normalise(text: string): string {
  return text
    .trim()
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/[\u2212\u2013\uff0d\ufe63]/g, '-')
    .replace(/[\uff0b]/g, '+')
    .replace(/\uff0e/g, '.')
    .replace(/\uff0c/g, ',')
    .replace(/[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (raised) => `^${[...raised].map((c) => (c === '⁻' ? '-' : c === '⁺' ? '' : superscripts.indexOf(c))).join('')}`)
}

const powerOfTen = /\s*(?:[×xX*·⋅∙]\s*10\s*(?:\^|\*\*)\s*|[eE]\s*)(?:\(\s*([+-]?\d+)\s*\)|([+-]?\d+))$/u
const barePower = /^([+-]?)10\s*(?:\^|\*\*)\s*(?:\(\s*([+-]?\d+)\s*\)|([+-]?\d+))$/u

/** @returns the number, or what is unclear about the text. Never throws; linear in the text, which may have 100 characters. */
export function parseDecimal(text: string): Result<Decimal, DecimalProblem> {
  if (text.length > maxLength) return refuse(`it is longer than ${maxLength} characters`)
  const plain = normalise(text).replace(spaces, ' ')
  if (plain === '') return refuse('it is empty')
  const bare = barePower.exec(plain)
  if (bare) return build(bare[1] === '-' ? -1n : 1n, 0, bare[2] ?? bare[3] ?? '')
  const power = powerOfTen.exec(plain)
  const mantissa = readMantissa(power ? plain.slice(0, power.index) : plain)
  if (!mantissa.ok) return mantissa
  return build(mantissa.value.digits, mantissa.value.exponent, power?.[1] ?? power?.[2] ?? '0')
}

function build(digits: bigint, exponent: number, power: string): Result<Decimal, DecimalProblem> {
  const raised = Number(power)
  if (!Number.isInteger(raised) || Math.abs(raised) > maxExponent) return refuse(`the exponent is larger than ${maxExponent}`)
  return ok({ digits, exponent: exponent + raised })
}

function readMantissa(text: string): Result<Decimal, DecimalProblem> {
  const match = /^\s*([+-]?)\s*([\d.,'’ ]*?)\s*$/u.exec(text)
  const body = match?.[2] ?? ''
  if (match === null) return refuse(`${JSON.stringify(firstStrange(text))} is not part of a number`)
  if (!/\d/.test(body)) return refuse('there is no digit in it')
  const read = readDigits(body)
  if (!read.ok) return read
  const [whole, fraction] = read.value
  const digits = BigInt(whole + fraction)
  return ok({ digits: match[1] === '-' ? -digits : digits, exponent: 0 - fraction.length })
}

const firstStrange = (text: string) => /[^\d.,'’ +-]\S*/u.exec(text)?.[0]?.slice(0, 20) ?? text.trim().slice(0, 20)

/**
 * Which sign is the decimal one: of a point and a comma both present, the later; a sign that occurs twice groups thousands; a point alone is decimal;
 * a comma alone is decimal too, except before exactly three last digits after one to three not all zero (`1,500`): that may be either, so ask.
 */
function readDigits(body: string): Result<readonly [whole: string, fraction: string], DecimalProblem> {
  const commas = body.split(',').length - 1
  const points = body.split('.').length - 1
  const last = Math.max(body.lastIndexOf(','), body.lastIndexOf('.'))
  const lastSign = body[last]
  const countOfLast = lastSign === ',' ? commas : points
  if (commas > 0 && points > 0 && countOfLast > 1) return refuse('points and commas are mixed')
  if (commas === 1 && points === 0 && /^[1-9]\d{0,2},\d{3}$/.test(body)) {
    return refuse(`${body} may mean ${body.replace(',', '')} or ${body.replace(',', '.')}; write it without the comma or with a point`)
  }
  const hasFraction = last >= 0 && countOfLast === 1
  const whole = readGroups(hasFraction ? body.slice(0, last) : body)
  const fraction = hasFraction ? body.slice(last + 1) : ''
  if (whole === undefined) return refuse('the digits are not grouped in threes')
  const tail = /^\d+( \d+)*$/.test(fraction) || fraction === '' ? fraction.replaceAll(' ', '') : undefined
  if (tail === undefined) return refuse('there is something other than digits after the decimal sign')
  return ok([whole, tail])
}

/** @returns the digits without separators; undefined when they are not in threes or separators differ. */
function readGroups(text: string): string | undefined {
  if (/^\d*$/.test(text)) return text
  return /^\d{1,3}(?:([., '’])\d{3})(?:\1\d{3})*$/u.test(text) ? text.replace(/\D/gu, '') : undefined
}

const power10 = (n: number) => 10n ** BigInt(n)
const abs = (n: bigint) => (n < 0n ? -n : n)

/** Both numbers as integers of one unit, 10^`exponent`. */
function aligned(a: Decimal, b: Decimal): { a: bigint; b: bigint; exponent: number } {
  const exponent = Math.min(a.exponent, b.exponent)
  return { a: a.digits * power10(a.exponent - exponent), b: b.digits * power10(b.exponent - exponent), exponent }
}

/** Negative, zero or positive, as for `sort`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const units = aligned(a, b)
  return units.a < units.b ? -1 : units.a > units.b ? 1 : 0
}

/**
 * Is `given` within a tolerance of `wanted`? Inclusive: the boundary is right. With both tolerances either suffices; with none they must be equal.
 * `relative` is a share of |wanted|.
 */
export function compareWithin(given: Decimal, wanted: Decimal, tolerance: { readonly absolute?: Decimal; readonly relative?: Decimal }): boolean {
  const units = aligned(given, wanted)
  const distance: Decimal = { digits: abs(units.a - units.b), exponent: units.exponent }
  if (distance.digits === 0n) return true
  const { absolute, relative } = tolerance
  if (absolute !== undefined && compareDecimals(distance, absolute) <= 0) return true
  if (relative === undefined) return false
  return compareDecimals(distance, { digits: relative.digits * abs(wanted.digits), exponent: relative.exponent + wanted.exponent }) <= 0
}

/** Plain text with a point, for showing back what was read: `-0.05`, `1500`; beyond 20 places as `3e+8`. */
export function formatDecimal({ digits, exponent }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = abs(digits).toString()
  if (digits === 0n) return '0'
  if (exponent > 20 || exponent + text.length < -20) return `${sign}${text}e${exponent < 0 ? '' : '+'}${exponent}`
  if (exponent >= 0) return sign + text + '0'.repeat(exponent)
  const padded = text.padStart(1 - exponent, '0')
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`
}
