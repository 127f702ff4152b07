/**
 * Money: a whole number of a currency's minor unit. Never a float: sums and differences are exact up to 2^53 − 1 minor units, and nothing here divides.
 * The franc has no minor unit (exponent 0), so 1500 RWF is 1,500 francs; the dollar and the euro have cents (exponent 2).
 * @see ISO 4217, list one, column "minor unit"
 */
export const minorDigits = { RWF: 0, USD: 2, EUR: 2 } as const
export type CurrencyCode = keyof typeof minorDigits
export type Money = { readonly amount: number; readonly currency: CurrencyCode }

/** Plain text as in `15.00 USD`, `1500 RWF`: what people and providers that take decimals read. Exact: digits are moved, nothing is divided. */
export function decimalText({ amount, currency }: Money): string {
  const digits = minorDigits[currency]
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
  return amount < 0 ? `-${whole}` : whole
}

/**
 * The minor units of a decimal text such as `15`, `15.00` or `1500.0`. Undefined where it is no plain decimal, or has a part smaller than the minor
 * unit that is not zero: money is never rounded on the way in.
 */
export function minorUnits(text: string, currency: CurrencyCode): number | undefined {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text) ?? []
  if (whole === '') return undefined
  const digits = minorDigits[currency]
  if (!/^0*$/.test(part.slice(digits))) return undefined
  const amount = Number(whole + part.slice(0, digits).padEnd(digits, '0'))
  if (!Number.isSafeInteger(amount)) return undefined
  return sign === '' || amount === 0 ? amount : -amount
}
