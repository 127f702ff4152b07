/** Which language the page speaks. */
import type { User } from '#contracts/user'

export type Language = User['language']
export const languages: readonly Language[] = ['en', 'rw', 'fr']
export const isLanguage = (text: string | undefined): text is Language => languages.some((each) => each === text)

/** Where a choice made without an account is kept. */
export const languageKey = 'arena.language'

/**
 * The account's language; without an account what was chosen in this browser; else the first that the browser asks for and we have (`fr-RW` is `fr`);
 * else English.
 */
export function chooseLanguage(known: {
  readonly account?: Language | undefined
  readonly kept: string | undefined
  readonly browser: readonly string[]
}): Language {
  if (known.account) return known.account
  if (isLanguage(known.kept)) return known.kept
  return known.browser.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en'
}
