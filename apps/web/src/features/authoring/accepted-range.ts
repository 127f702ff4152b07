/** What numbers a key and its tolerances accept, told to a teacher: "from 9.71 to 9.91". Decimals are digits and an exponent, as the judge compares them. */
type Decimal = { readonly digits: bigint; readonly exponent: number }

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

function parse(text: string): Decimal | undefined {
  const [, sign, whole = '', part = '', power = '0'] = pattern.exec(text.trim()) ?? []
  if (sign === undefined || whole + part === '') return undefined
  const digits = BigInt(whole + part)
  return { digits: sign === '-' ? -digits : digits, exponent: Number(power) - part.length }
}

const scaled = ({ digits, exponent }: Decimal, to: number) => digits * 10n ** BigInt(exponent - to)
const magnitude = (n: bigint) => (n < 0n ? -n : n)

/** Beyond so many digits a plain number helps nobody. */
const longest = 25

function written(digits: bigint, exponent: number): string | undefined {
  const all = magnitude(digits).toString()
  if (all.length + Math.abs(exponent) > longest * 2) return undefined
  const padded = exponent >= 0 ? all + '0'.repeat(exponent) : all.padStart(1 - exponent, '0')
  const at = exponent >= 0 ? padded.length : padded.length + exponent
  const part = padded.slice(at).replace(/0+$/, '')
  const text = part === '' ? padded.slice(0, at) : `${padded.slice(0, at)}.${part}`
  if (text.length > longest) return undefined
  return digits < 0n && digits !== 0n ? `-${text}` : text
}

export type Key = { readonly answer: string; readonly absolute: string; readonly relative: string }
export type Range = { readonly from: string; readonly to: string }

/**
 * The wider of the two tolerances counts, since an answer within either is right. Without one only the number itself is, however it is written.
 * @returns undefined where the key cannot be read, or the range would be too long to read.
 */
export function acceptedRange({ answer, absolute, relative }: Key): Range | undefined {
  const wanted = parse(answer)
  const widths = [absolute, relative].map((text) => (text.trim() === '' ? { digits: 0n, exponent: 0 } : parse(text)))
  const [width, share] = widths
  if (!wanted || !width || !share || width.digits < 0n || share.digits < 0n) return undefined
  const ofShare: Decimal = { digits: share.digits * magnitude(wanted.digits), exponent: share.exponent + wanted.exponent }
  const exponents = [wanted, width, ofShare].map(({ exponent }) => exponent)
  const exponent = Math.min(...exponents)
  if (Math.max(...exponents) - exponent > 400) return undefined
  const [middle, one, other] = [scaled(wanted, exponent), scaled(width, exponent), scaled(ofShare, exponent)]
  const isShareWider = other > one // bigints, of which Math.max knows nothing
  const most = isShareWider ? other : one
  const [from, to] = [written(middle - most, exponent), written(middle + most, exponent)]
  return from === undefined || to === undefined ? undefined : { from, to }
}
