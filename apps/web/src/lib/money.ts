/**
 * Money as people read and write it. Amounts are whole minor units (1500 RWF is 1,500 francs, 1500 USD is 15.00 dollars) and stay whole: digits are
 * moved as text, nothing is divided. How many digits a currency has is the browser's own table.
 * @see ISO 4217, minor units, by way of Unicode CLDR (RWF 0, USD 2, EUR 2)
 */
import type { Currency, Price } from '#contracts/billing'
import { formatNumber } from './format.ts'

const digitsOf = (currency: Currency) => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0

/** `15.00` of 1500 USD, `1500` of 1500 RWF; with a sign where it is negative. */
export function decimalText({ amount, currency }: Price): string {
  const digits = digitsOf(currency)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
  return amount < 0 ? `-${decimal}` : decimal
}

/**
 * `RWF 1,500`, `1 500 RWF`, `1.500 RWF`, `US$15.00`: Intl takes the decimal text as it is, so that no binary fraction comes in between. In Kinyarwanda the
 * currency stands behind, as in the mails.
 */
export function formatMoney(price: Price, language: string): string {
  const decimal = decimalText(price) as `${number}`
  if (language === 'rw') return `${formatNumber(decimal, language, { minimumFractionDigits: digitsOf(price.currency) })}\u00a0${price.currency}`
  return formatNumber(decimal, language, { style: 'currency', currency: price.currency })
}

/**
 * Minor units of what somebody typed (`1500`, `15`, `15.5`); undefined for anything else. A comma is refused: it parts thousands for some readers and
 * decimals for others, and money is not guessed. So are more digits than the currency has.
 */
export function parseMoney(text: string, currency: Currency): number | undefined {
  const [, whole = '', part = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  const digits = digitsOf(currency)
  return whole === '' || part.length > digits ? undefined : Number(whole + part.padEnd(digits, '0'))
}

const currencies: readonly Currency[] = ['RWF', 'USD', 'EUR']
/** Those among `prices`, the franc first. */
export const currenciesOf = (prices: readonly Price[]): readonly Currency[] => currencies.filter((each) => prices.some(({ currency }) => currency === each))
export const isCurrency = (text: unknown): text is Currency => currencies.some((each) => each === text)
