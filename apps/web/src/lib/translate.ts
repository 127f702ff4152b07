/**
 * Texts by key: what the page needs of i18next, in a tenth of its bytes (ADR 0044). `{{name}}` is filled in, numbers as the language writes them; with a
 * `count` the form of the plural is chosen (`key_one`, `key_other`, …); what a language lacks is said in English, where that is there, else by its key.
 */
import type en from '../locales/en.json'
import { formatNumber } from './format.ts'
import { pluralInKinyarwanda } from './kinyarwanda.ts'
import { createStore } from './store.ts'

type Form = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
type WithoutForm<Key extends string> = Key extends `${infer Base}_${Form}` ? Base | Key : Key
type KeysOf<Texts, Before extends string = ''> = {
  [Key in keyof Texts & string]: Texts[Key] extends string ? `${Before}${WithoutForm<Key>}` : KeysOf<Texts[Key], `${Before}${Key}.`>
}[keyof Texts & string]
export type TextKey = KeysOf<typeof en>
export type TextParams = Readonly<Record<string, unknown>>
/** `defaultValue` among the params stands in for a text that no language has. */
export type TFunction = (key: TextKey, params?: TextParams) => string

export type Texts = { readonly [key: string]: string | Texts }
type Spoken = { readonly language: string; readonly t: TFunction }

const byLanguage = new Map<string, Texts>()
const rules = new Map<string, Pick<Intl.PluralRules, 'select'>>([['rw', pluralInKinyarwanda]])

function rulesOf(language: string): Pick<Intl.PluralRules, 'select'> {
  const known = rules.get(language) ?? new Intl.PluralRules(language)
  rules.set(language, known)
  return known
}

/** The text as it is written, unfilled. */
export function templateOf(language: string, key: string): string | undefined {
  let at: string | Texts | undefined = byLanguage.get(language)
  for (const part of key.split('.')) {
    if (typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined
    at = at[part]
  }
  return typeof at === 'string' ? at : undefined
}

function chosen(language: string, key: string, count: unknown): string | undefined {
  if (typeof count !== 'number') return templateOf(language, key)
  return templateOf(language, `${key}_${rulesOf(language).select(count)}`) ?? templateOf(language, `${key}_other`) ?? templateOf(language, key)
}

const shown = (value: unknown, language: string) => (typeof value === 'number' ? formatNumber(value, language) : String(value ?? ''))

function translator(language: string): TFunction {
  return (key, params = {}) => {
    const text = chosen(language, key, params.count) ?? chosen('en', key, params.count)
    if (text === undefined) return typeof params.defaultValue === 'string' ? params.defaultValue : key
    return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => shown(params[name], language))
  }
}

/** What is spoken now; another object after each change, so that whoever shows texts shows them anew. */
export const spoken = createStore<Spoken>({ language: 'en', t: translator('en') })
export const languageSpoken = () => spoken.get().language
/** For texts outside of components; inside, `useTranslation` keeps them in step with the language. */
export const t: TFunction = (key, params) => spoken.get().t(key, params)

/** A language's texts come in parts; groups of one part are not torn (build-plugins.ts). */
export function addTexts(language: string, texts: Texts): void {
  byLanguage.set(language, { ...byLanguage.get(language), ...texts })
  if (language === languageSpoken()) spoken.set({ ...spoken.get() })
}

export const turnTo = (language: string) => spoken.set({ language, t: translator(language) })
