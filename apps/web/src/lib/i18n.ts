import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from '../locales/en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** English comes with the page; a language to come is one file here and one line in `others`, and is fetched only by those who read it. */
const others: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {}

export async function startI18n(): Promise<void> {
  await i18n
    .use(initReactI18next)
    .init({ lng: 'en', fallbackLng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false }, returnNull: false })
}

export async function speak(language: string): Promise<void> {
  const load = others[language]
  if (load && !i18n.hasResourceBundle(language, 'translation')) i18n.addResourceBundle(language, 'translation', (await load()).default)
  const next = load ? language : 'en'
  if (i18n.language !== next) await i18n.changeLanguage(next)
  document.documentElement.lang = next
}
