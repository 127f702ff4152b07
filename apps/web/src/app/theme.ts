import { storage } from '../lib/arena.ts'
import { createStore } from '../lib/store.ts'

export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

const key = 'arena.theme'
const kept = storage.get(key)
export const theme = createStore<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')

export function chooseTheme(next: Theme): void {
  theme.set(next)
  if (next === 'system') {
    storage.remove(key)
    delete document.documentElement.dataset.theme
  } else {
    storage.set(key, next)
    document.documentElement.dataset.theme = next
  }
}
