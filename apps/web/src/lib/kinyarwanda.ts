/**
 * What browsers do not know of Kinyarwanda. Chromium carries no data for it and quietly takes those of the machine's own language, so that a page in
 * Kinyarwanda would show French dates and count by French rules on one machine and by English ones on the next. Node knows its dates but no plural rules.
 * Hence our own everywhere: names of months and days, the signs in numbers, and the plural.
 * @see Unicode CLDR, `rw` (months, days, decimal comma and thousands point); it has no plural rules for `rw`, and ours are those of its neighbours in the
 * family (lg, nyn, xog: one thing, else several)
 */
const months = ['Mutarama', 'Gashyantare', 'Werurwe', 'Mata', 'Gicurasi', 'Kamena', 'Nyakanga', 'Kanama', 'Nzeri', 'Ukwakira', 'Ugushyingo', 'Ukuboza']
const days = ['ku Cyumweru', 'ku wa Mbere', 'ku wa Kabiri', 'ku wa Gatatu', 'ku wa Kane', 'ku wa Gatanu', 'ku wa Gatandatu']
const monthsInEnglish = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const daysInEnglish = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

type Part = { readonly type: string; readonly value: string }
const named = (names: readonly string[], inEnglish: readonly string[], value: string) => names[inEnglish.indexOf(value.slice(0, 3).toLowerCase())] ?? value

/**
 * Parts of a British date (day before month, hours to 24), as one text. Names are never shortened: three letters would not tell Kane from Kanama. Whether a
 * comma follows the day depends on the year shown and on the browser; here none does.
 */
export const dateInKinyarwanda = (parts: readonly Part[]): string =>
  parts
    .map(({ type, value }, index) => {
      if (type === 'month') return named(months, monthsInEnglish, value)
      if (type === 'weekday') return named(days, daysInEnglish, value)
      return parts[index - 1]?.type === 'weekday' ? value.replace(',', '') : value
    })
    .join('')

/** Parts of a British number: `12,345.5` reads `12.345,5`. */
export const numberInKinyarwanda = (parts: readonly Part[]): string =>
  parts
    .map(({ type, value }) => {
      if (type === 'group') return '.'
      return type === 'decimal' ? ',' : value
    })
    .join('')

/** In the shape of `Intl.PluralRules`, as far as translate.ts asks. */
export const pluralInKinyarwanda = {
  select: (count: number): 'one' | 'other' => (count === 1 ? 'one' : 'other'),
  resolvedOptions: () => ({ pluralCategories: ['one', 'other'] }),
}
