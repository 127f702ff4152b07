/** The language of the page: who decides on it, and what a press on the switch does. */
import { api, session, storage } from '../lib/arena.ts'
import { speak } from '../lib/i18n.ts'
import { chooseLanguage, type Language, languageKey } from '../lib/languages.ts'

export function languageNow(): Language {
  const now = session.get()
  const account = now.status === 'signed-in' ? now.user.language : undefined
  return chooseLanguage({ account, kept: storage.get(languageKey), browser: navigator.languages })
}

/** The account's language is kept in the browser too, so that the next visit begins in it before the session is restored. */
export function followAccount(): void {
  const now = session.get()
  if (now.status === 'signed-in') storage.set(languageKey, now.user.language)
  void speak(languageNow())
}

export type Picked = 'spoken' | 'not-loaded' | 'not-saved'

/** Speaks it at once, keeps it in this browser, and saves it to the account, if there is one. Where the texts do not come nothing is changed. */
export async function pickLanguage(language: Language): Promise<Picked> {
  if (!(await speak(language))) return 'not-loaded'
  storage.set(languageKey, language)
  const now = session.get()
  if (now.status !== 'signed-in' || now.user.language === language) return 'spoken'
  try {
    const { user } = await api.call('PATCH /api/me', { body: { language } })
    // Of two quick presses the last one holds, in whatever order the answers come.
    if (storage.get(languageKey) === language) session.set({ status: 'signed-in', user })
    return 'spoken'
  } catch {
    return 'not-saved'
  }
}
