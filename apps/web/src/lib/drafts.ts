/**
 * Programs being written, one for each person, contest, problem and language, kept in this browser. Old ones go first when there are many, or when the
 * browser has no room left; nobody reads another's.
 */
import type { KeyValue } from './storage.ts'
import { createStore, type Store } from './store.ts'

export type DraftName = { readonly userId: string; readonly contestId?: string | undefined; readonly problemId: string; readonly language: string }
export type Drafts = {
  readonly read: (name: DraftName) => string | undefined
  /** An empty text removes the draft. @returns false when the browser has no room: it lives as long as the page. */
  readonly write: (name: DraftName, source: string) => boolean
  /** The last draft did not fit. */
  readonly isFull: Store<boolean>
}

const prefix = 'arena.draft.'
const keepAtMost = 200
/** How many of the oldest make room at a time, and how often: a disk that is full of other things must not cost everybody's drafts. */
const roomStep = 10
const roomRounds = 3
const keyOf = ({ userId, contestId, problemId, language }: DraftName) =>
  `${prefix}${userId}.${contestId === undefined ? '' : `${contestId}.`}${problemId}.${language}`

export function createDrafts(storage: KeyValue, now: () => number): Drafts {
  /** Stored as `<ms> <source>`. */
  const savedAt = (key: string) => Number.parseInt(storage.get(key) ?? '0', 10)
  const oldestFirst = () =>
    storage
      .keys()
      .filter((key) => key.startsWith(prefix))
      .sort((a, b) => savedAt(a) - savedAt(b))
  const prune = () => {
    const keys = oldestFirst()
    for (const key of keys.slice(0, Math.max(0, keys.length - keepAtMost))) storage.remove(key)
  }
  const setWithRoom = (key: string, text: string): boolean => {
    for (let round = 0; round < roomRounds; round++) {
      if (storage.set(key, text)) return true
      const others = oldestFirst().filter((each) => each !== key)
      for (const each of others.slice(0, roomStep)) storage.remove(each)
    }
    return storage.set(key, text)
  }
  const isFull = createStore(false)
  return {
    isFull,
    read(name) {
      // drafts of before contests had their own
      const text = storage.get(keyOf(name)) ?? storage.get(keyOf({ ...name, contestId: undefined }))
      return text === undefined ? undefined : text.slice(text.indexOf(' ') + 1)
    },
    write(name, source) {
      if (source === '') {
        storage.remove(keyOf(name))
        storage.remove(keyOf({ ...name, contestId: undefined }))
        return true
      }
      const isKept = setWithRoom(keyOf(name), `${now()} ${source}`)
      prune()
      isFull.set(!isKept)
      return isKept
    },
  }
}
