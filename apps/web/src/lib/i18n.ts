import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import type en from '../locales/en.json'
import first from '../locales/en.json?part=first'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/**
 * English comes with the page, but for the groups that only staff and buyers read (build-plugins.ts names them): those come with their pages. A language
 * to come is one file here and one line in `others`, and is fetched whole, only by those who read it.
 */
const others: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {}

export async function startI18n(): Promise<void> {
  await i18n
    .use(initReactI18next)
    .init({ lng: 'en', fallbackLng: 'en', resources: { en: { translation: first } }, interpolation: { escapeValue: false }, returnNull: false })
}

/** The rest of the English texts; once, and again where the line broke. */
export async function loadLaterTexts(): Promise<void> {
  if (i18n.exists('teach.newContest', { lng: 'en' })) return
  i18n.addResourceBundle('en', 'translation', (await import('../locales/en.json?part=later')).default, true)
}

export async function speak(language: string): Promise<void> {
  const load = others[language]
  if (load && !i18n.hasResourceBundle(language, 'translation')) i18n.addResourceBundle(language, 'translation', (await load()).default)
  const next = load ? language : 'en'
  if (i18n.language !== next) await i18n.changeLanguage(next)
  document.documentElement.lang = next
}
