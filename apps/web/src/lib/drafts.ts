/** Programs being written, one for each person, problem and language, kept in this browser. Old ones go first when there are many. */
import type { KeyValue } from './storage.ts'

export type DraftName = { readonly userId: string; readonly problemId: string; readonly language: string }
export type Drafts = {
  readonly read: (name: DraftName) => string | undefined
  /** An empty text removes the draft. */
  readonly write: (name: DraftName, source: string) => void
}

const prefix = 'arena.draft.'
const keepAtMost = 200
const keyOf = ({ userId, problemId, language }: DraftName) => `${prefix}${userId}.${problemId}.${language}`

export function createDrafts(storage: KeyValue, now: () => number): Drafts {
  /** Stored as `<ms> <source>`. */
  const savedAt = (key: string) => Number.parseInt(storage.get(key) ?? '0', 10)
  const prune = () => {
    const keys = storage.keys().filter((key) => key.startsWith(prefix))
    if (keys.length <= keepAtMost) return
    for (const key of keys.sort((a, b) => savedAt(a) - savedAt(b)).slice(0, keys.length - keepAtMost)) storage.remove(key)
  }
  return {
    read(name) {
      const text = storage.get(keyOf(name))
      return text === undefined ? undefined : text.slice(text.indexOf(' ') + 1)
    },
    write(name, source) {
      if (source === '') return storage.remove(keyOf(name))
      storage.set(keyOf(name), `${now()} ${source}`)
      prune()
    },
  }
}
