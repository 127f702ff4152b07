/**
 * Changes the language without ever showing a text that is not there: texts are fetched first, then the page turns to them. They come in parts
 * (build-plugins.ts); all but the first are fetched once some page has asked for them, and from then on for every language the page turns to.
 * Who asks last wins, however the answers arrive. What could not be fetched is asked for again by the next call.
 */
import type { Language } from './languages.ts'
import type { Texts } from './translate.ts'

export type Part = 'first' | 'room' | 'own' | 'board' | 'later'
export type LaterPart = Exclude<Part, 'first'>
export type Speech = {
  /** True when the page now speaks it, or was asked for yet another one meanwhile; false when its texts could not be fetched: it speaks on as before. */
  readonly speak: (language: Language) => Promise<boolean>
  /** Resolves when this part of the language spoken is there. Rejects when it cannot be fetched; the next call tries again. */
  readonly need: (part: LaterPart) => Promise<void>
}

export function createSpeech(ports: {
  readonly load: (language: Language, part: Part) => Promise<Texts>
  readonly add: (language: Language, texts: Texts) => void
  readonly turnTo: (language: Language) => void
}): Speech {
  const there = new Set<string>()
  const underway = new Map<string, Promise<void>>()
  let [wanted, spoken]: [Language, Language] = ['en', 'en']
  const needed = new Set<Part>(['first'])

  async function fetchPart(language: Language, part: Part): Promise<void> {
    ports.add(language, await ports.load(language, part))
    there.add(`${language} ${part}`)
  }
  function fetchOnce(language: Language, part: Part): Promise<void> {
    const name = `${language} ${part}`
    if (there.has(name)) return Promise.resolve()
    const before = underway.get(name)
    if (before !== undefined) return before
    const now = fetchPart(language, part).finally(() => underway.delete(name))
    underway.set(name, now)
    return now
  }
  const lacking = (language: Language): readonly Part[] => [...needed].filter((part) => !there.has(`${language} ${part}`))

  async function speak(language: Language): Promise<boolean> {
    wanted = language
    try {
      // Again and again, since a page may have asked for another part while the first one came.
      for (let parts = lacking(language); parts.length > 0; parts = lacking(language)) await Promise.all(parts.map((part) => fetchOnce(language, part)))
    } catch {
      return wanted !== language
    }
    if (wanted === language && spoken !== language) {
      spoken = language
      ports.turnTo(language)
    }
    return true
  }
  return {
    speak,
    async need(part) {
      needed.add(part)
      await fetchOnce(spoken, part)
    },
  }
}
