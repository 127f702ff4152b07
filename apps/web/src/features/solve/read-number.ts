/**
 * How the judge will read a number as it is typed, so that the page can say so before it counts. The same rules as `lib/kernel/decimal.ts` (the page takes
 * only types from there); `read-number.test.ts` holds the two together. The judge alone decides: a text that is refused there costs no attempt.
 */
export type NumberRead =
  | { readonly state: 'empty' | 'strange' }
  /** `1,500`: one or the other, and nobody guesses. */
  | { readonly state: 'either'; readonly readings: readonly [string, string] }
  /** `mantissa` × 10^`power`, the mantissa with a point. */
  | { readonly state: 'read'; readonly mantissa: string; readonly power: number }

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const spaces = /[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/gu
const maxPower = 400
const strange: NumberRead = { state: 'strange' }

function levelled(text: string): string {
  return text
    .trim()
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/[\u2212\u2013\uff0d\ufe63]/g, '-')
    .replace(/\uff0b/g, '+')
    .replace(/\uff0e/g, '.')
    .replace(/\uff0c/g, ',')
    .replace(/[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (raised) => `^${[...raised].map((sign) => (sign === '⁻' ? '-' : sign === '⁺' ? '' : superscripts.indexOf(sign))).join('')}`)
    .replace(spaces, ' ')
}

const powerOfTen = /\s*(?:[×xX*·⋅∙]\s*10\s*(?:\^|\*\*)\s*|[eE]\s*)(?:\(\s*([+-]?\d+)\s*\)|([+-]?\d+))$/u
const barePower = /^([+-]?)10\s*(?:\^|\*\*)\s*(?:\(\s*([+-]?\d+)\s*\)|([+-]?\d+))$/u

export function readNumber(text: string): NumberRead {
  const plain = levelled(text)
  if (plain === '') return { state: 'empty' }
  if (text.length > 100) return strange
  const bare = barePower.exec(plain)
  if (bare) return built(bare[1] === '-' ? '-1' : '1', bare[2] ?? bare[3] ?? '')
  const power = powerOfTen.exec(plain)
  const read = /^\s*([+-]?)\s*([\d.,'’ ]*?)\s*$/u.exec(power ? plain.slice(0, power.index) : plain)
  const body = read?.[2] ?? ''
  if (!/\d/.test(body)) return strange
  if (/^[1-9]\d{0,2},\d{3}$/.test(body)) return { state: 'either', readings: [body.replace(',', ''), body.replace(',', '.')] }
  const digits = readDigits(body)
  return digits === undefined ? strange : built(`${read?.[1] === '-' ? '-' : ''}${digits}`, power?.[1] ?? power?.[2] ?? '0')
}

const built = (mantissa: string, power: string): NumberRead =>
  Math.abs(Number(power)) > maxPower ? strange : { state: 'read', mantissa, power: Number(power) }

/** Of a point and a comma both present, the later is the decimal sign; a sign that occurs twice groups thousands; one alone is decimal. */
function readDigits(body: string): string | undefined {
  const commas = body.split(',').length - 1
  const points = body.split('.').length - 1
  const last = Math.max(body.lastIndexOf(','), body.lastIndexOf('.'))
  const countOfLast = body[last] === ',' ? commas : points
  if (commas > 0 && points > 0 && countOfLast > 1) return undefined
  const hasFraction = last >= 0 && countOfLast === 1
  const whole = readGroups(hasFraction ? body.slice(0, last) : body)
  const fraction = hasFraction ? body.slice(last + 1) : ''
  if (whole === undefined || !/^(?:\d+(?: \d+)*)?$/.test(fraction)) return undefined
  const decimals = fraction.replaceAll(' ', '')
  return `${whole || '0'}${decimals && `.${decimals}`}`
}

function readGroups(text: string): string | undefined {
  if (/^\d*$/.test(text)) return text
  return /^\d{1,3}(?:([., '’])\d{3})(?:\1\d{3})*$/u.test(text) ? text.replace(/\D/gu, '') : undefined
}

const raised: Readonly<Record<string, string>> = { '-': '⁻' }
/** `10⁻¹⁹` */
export const powerText = (power: number) => `10${[...String(power)].map((sign) => raised[sign] ?? superscripts[Number(sign)]).join('')}`
