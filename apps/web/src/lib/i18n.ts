import i18n, { type FormatterModule, type ThirdPartyModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type en from '../locales/en.json'
import { formatNumber } from './format.ts'
import { pluralInKinyarwanda } from './kinyarwanda.ts'
import type { Language } from './languages.ts'
import { createSpeech, type Part, type Texts } from './speech.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/**
 * Each part of a language is a file of its own, English too, fetched only by those who read it; public/theme.js has the first one on its way before this
 * program runs. A new language is a line here and one in languages.ts.
 */
const parts: Readonly<Record<Language, Readonly<Record<Part, () => Promise<{ default: Texts }>>>>> = {
  en: { first: () => import('../locales/en.json?part=first'), later: () => import('../locales/en.json?part=later') },
  rw: { first: () => import('../locales/rw.json?part=first'), later: () => import('../locales/rw.json?part=later') },
  fr: { first: () => import('../locales/fr.json?part=first'), later: () => import('../locales/fr.json?part=later') },
}

/** Numbers in texts, `{{count}}` above all, as the language writes them. */
const numbers: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown, _format, language) => (typeof value === 'number' ? formatNumber(value, language ?? 'en') : String(value)),
}

/** i18next asks Intl for plural rules, and Intl has none for Kinyarwanda (kinyarwanda.ts). */
const plurals: ThirdPartyModule = {
  type: '3rdParty',
  init({ services }) {
    const rules: { getRule: (code: string, options?: object) => unknown } = services.pluralResolver
    const ofIntl = rules.getRule.bind(rules)
    rules.getRule = (code, options) => (code === 'rw' ? pluralInKinyarwanda : ofIntl(code, options))
  },
}

const speech = createSpeech({
  load: async (language, part) => (await parts[language][part]()).default,
  add: (language, texts) => void i18n.addResourceBundle(language, 'translation', texts, true),
  async turnTo(language) {
    await i18n.changeLanguage(language)
    document.documentElement.lang = language
  },
})

/**
 * Waits for the texts, so that the page is not seen to change.
 * @param wanted asked again when the line is back
 * @throws when neither its texts nor the English ones come
 */
export async function startI18n(wanted: () => Language): Promise<void> {
  await i18n
    .use(initReactI18next)
    .use(numbers)
    .use(plurals)
    .init({
      lng: 'en',
      fallbackLng: 'en',
      resources: {},
      interpolation: { escapeValue: false, alwaysFormat: true },
      returnNull: false,
    })
  if (!(await speech.speak(wanted())) && !(await speech.speak('en'))) throw new Error('no language could be fetched')
  window.addEventListener('online', () => void speech.speak(wanted()))
}

/** The rest of the texts, for pages of staff and buyers; once, and again where the line broke. */
export const loadLaterTexts = speech.needLater
export const speak = speech.speak
