/**
 * The data saver: kept in this browser; where nobody chose, the browser's own wish (`Save-Data`, `prefers-reduced-data`) decides. While it is on: boards are
 * read seldom instead of pushed, programs are typed in the plain text area, and nothing moves or loads for looks (`data-saver` on the root, for styles).
 */
import { storage } from './arena.ts'
import { createStore } from './store.ts'

const key = 'arena.data-saver'

function wishOfBrowser(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } }
  return connection?.saveData === true || window.matchMedia('(prefers-reduced-data: reduce)').matches
}

const kept = storage.get(key)
export const dataSaver = createStore(kept === undefined ? wishOfBrowser() : kept === '1')

const show = () => document.documentElement.toggleAttribute('data-saver', dataSaver.get())
dataSaver.subscribe(show)
show()

export function chooseDataSaver(isOn: boolean): void {
  storage.set(key, isOn ? '1' : '0')
  dataSaver.set(isOn)
}
