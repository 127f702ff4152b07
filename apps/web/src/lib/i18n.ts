/** The languages of the page: which files hold them, and when they are fetched. */
import type { Language } from './languages.ts'
import { createSpeech, type Part } from './speech.ts'
import { addTexts, type Texts, turnTo } from './translate.ts'

/**
 * Each part of a language is a file of its own, English too, fetched only by those who read it; public/theme.js has the first one on its way before this
 * program runs. A new language is a line here and one in languages.ts.
 */
const parts: Readonly<Record<Language, Readonly<Record<Part, () => Promise<{ default: Texts }>>>>> = {
  en: {
    first: () => import('../locales/en.json?part=first'),
    room: () => import('../locales/en.json?part=room'),
    own: () => import('../locales/en.json?part=own'),
    board: () => import('../locales/en.json?part=board'),
    later: () => import('../locales/en.json?part=later'),
  },
  rw: {
    first: () => import('../locales/rw.json?part=first'),
    room: () => import('../locales/rw.json?part=room'),
    own: () => import('../locales/rw.json?part=own'),
    board: () => import('../locales/rw.json?part=board'),
    later: () => import('../locales/rw.json?part=later'),
  },
  fr: {
    first: () => import('../locales/fr.json?part=first'),
    room: () => import('../locales/fr.json?part=room'),
    own: () => import('../locales/fr.json?part=own'),
    board: () => import('../locales/fr.json?part=board'),
    later: () => import('../locales/fr.json?part=later'),
  },
}

const speech = createSpeech({
  load: async (language, part) => (await parts[language][part]()).default,
  add: addTexts,
  turnTo(language) {
    turnTo(language)
    document.documentElement.lang = language
  },
})

/**
 * Waits for the texts, so that the page is not seen to change.
 * @param wanted asked again when the line is back
 * @throws when neither its texts nor the English ones come
 */
export async function startI18n(wanted: () => Language): Promise<void> {
  if (!(await speech.speak(wanted())) && !(await speech.speak('en'))) throw new Error('no language could be fetched')
  window.addEventListener('online', () => void speech.speak(wanted()))
}

/** A part of the texts that does not come with the first visit; once, and again where the line broke. */
export const loadTexts = speech.need
export const speak = speech.speak
