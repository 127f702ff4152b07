/** How one's editor is set, kept in this browser. Pure but for the storage it is handed. */
import type { KeyValue } from '../../lib/storage.ts'

export const keyBindings = ['default', 'vim', 'emacs'] as const
export const fontSizes = [13, 15, 17, 20, 24] as const
export const tabSizes = [2, 4, 8] as const
export type EditorSettings = {
  readonly keys: (typeof keyBindings)[number]
  /** Pixels, of the code alone. */
  readonly fontSize: (typeof fontSizes)[number]
  readonly tabSize: (typeof tabSizes)[number]
  readonly isTabIndent: boolean
  readonly isWrapped: boolean
}
export const standardSettings: EditorSettings = { keys: 'default', fontSize: 15, tabSize: 4, isTabIndent: false, isWrapped: false }

const key = 'arena.editor'
const among = <T>(all: readonly T[], value: unknown, otherwise: T): T => all.find((each) => each === value) ?? otherwise

/** What was kept may be of an older page, or of nobody's making. */
export function readSettings(storage: Pick<KeyValue, 'get'>): EditorSettings {
  const text = storage.get(key)
  if (text === undefined) return standardSettings
  let kept: Record<string, unknown>
  try {
    kept = Object(JSON.parse(text))
  } catch {
    return standardSettings
  }
  return {
    keys: among(keyBindings, kept.keys, standardSettings.keys),
    fontSize: among(fontSizes, kept.fontSize, standardSettings.fontSize),
    tabSize: among(tabSizes, kept.tabSize, standardSettings.tabSize),
    isTabIndent: kept.isTabIndent === true,
    isWrapped: kept.isWrapped === true,
  }
}

export const keepSettings = (storage: Pick<KeyValue, 'set'>, settings: EditorSettings) => storage.set(key, JSON.stringify(settings))
