import { storage } from '../../lib/arena.ts'
import { type Look, lookOf, wordsOf } from '../../lib/look.ts'
import { createStore } from '../../lib/store.ts'

const key = 'arena.look'
export const look = createStore<Look>(lookOf(storage.get(key)))

export function chooseLook(change: Partial<Look>): void {
  const next = { ...look.get(), ...change }
  const words = wordsOf(next)
  look.set(next)
  if (words === '') {
    storage.remove(key)
    delete document.documentElement.dataset.look
  } else {
    storage.set(key, words)
    document.documentElement.dataset.look = words
  }
}
