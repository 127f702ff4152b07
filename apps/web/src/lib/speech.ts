/**
 * Changes the language without ever showing a text that is not there: texts are fetched first, then the page turns to them. They come in two parts
 * (build-plugins.ts); the later one is fetched once some page has asked for it, and from then on for every language the page turns to.
 * Who asks last wins, however the answers arrive. What could not be fetched is asked for again by the next call.
 */
import type { Language } from './languages.ts'

export type Part = 'first' | 'later'
export type Texts = Readonly<Record<string, unknown>>
export type Speech = {
  /** True when the page now speaks it, or was asked for yet another one meanwhile; false when its texts could not be fetched: it speaks on as before. */
  readonly speak: (language: Language) => Promise<boolean>
  /** Resolves when the later texts of the language spoken are there. Rejects when they cannot be fetched; the next call tries again. */
  readonly needLater: () => Promise<void>
}

export function createSpeech(ports: {
  readonly load: (language: Language, part: Part) => Promise<Texts>
  readonly add: (language: Language, texts: Texts) => void
  readonly turnTo: (language: Language) => Promise<unknown>
}): Speech {
  const there = new Set<string>()
  const underway = new Map<string, Promise<void>>()
  let [wanted, spoken]: [Language, Language] = ['en', 'en']
  let isLaterNeeded = false

  async function fetchPart(language: Language, part: Part): Promise<void> {
    ports.add(language, await ports.load(language, part))
    there.add(`${language} ${part}`)
  }
  function need(language: Language, part: Part): Promise<void> {
    const name = `${language} ${part}`
    if (there.has(name)) return Promise.resolve()
    const before = underway.get(name)
    if (before !== undefined) return before
    const now = fetchPart(language, part).finally(() => underway.delete(name))
    underway.set(name, now)
    return now
  }
  const lacking = (language: Language): readonly Part[] =>
    (['first', 'later'] as const).filter((part) => (part === 'first' || isLaterNeeded) && !there.has(`${language} ${part}`))

  async function speak(language: Language): Promise<boolean> {
    wanted = language
    try {
      // Again and again, since a page may have asked for the later part while the first one came.
      for (let parts = lacking(language); parts.length > 0; parts = lacking(language)) await Promise.all(parts.map((part) => need(language, part)))
    } catch {
      return wanted !== language
    }
    if (wanted === language && spoken !== language) {
      spoken = language
      await ports.turnTo(language)
    }
    return true
  }
  return {
    speak,
    async needLater() {
      isLaterNeeded = true
      await need(spoken, 'later')
    },
  }
}
