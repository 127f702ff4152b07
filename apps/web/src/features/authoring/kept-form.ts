/** A form that is being filled in, kept in this browser through a crash, a reload or a lost session; one a person and thing that is edited. */
import type { KeyValue } from '../../lib/storage.ts'

/** localStorage holds about five million characters for everything; a test of megabytes must not push drafts of programs out. */
const longestText = 500_000
const prefix = 'arena.form.'
const keepAtMost = 20
const keptForMs = 30 * 24 * 3600_000

export type FormName = { readonly userId: string; readonly what: string }
type Kept = { readonly at: number; readonly form: unknown }

export function createKeptForms(storage: KeyValue, now: () => number) {
  const keyOf = ({ userId, what }: FormName) => `${prefix}${userId}.${what}`
  const parsed = (key: string): Kept | undefined => {
    try {
      const kept = JSON.parse(storage.get(key) ?? '') as Kept
      return typeof kept.at === 'number' && now() - kept.at < keptForMs ? kept : undefined
    } catch {
      return undefined
    }
  }
  const prune = () => {
    const keys = storage.keys().filter((key) => key.startsWith(prefix))
    const old = keys.filter((key) => parsed(key) === undefined)
    const byAge = keys.filter((key) => !old.includes(key)).sort((a, b) => (parsed(a)?.at ?? 0) - (parsed(b)?.at ?? 0))
    for (const key of [...old, ...byAge.slice(0, Math.max(0, byAge.length - keepAtMost))]) storage.remove(key)
  }
  return {
    /** What was typed, laid over `empty`: a form of an older version of the page lacks what was added since, and keeps nothing that is gone. */
    read<Form extends object>(name: FormName, empty: Form): Form | undefined {
      const kept = parsed(keyOf(name))?.form
      if (typeof kept !== 'object' || kept === null) return undefined
      const known = Object.entries(kept).filter(([field, value]) => field in empty && sameShape(value, empty[field as keyof Form]))
      return { ...empty, ...Object.fromEntries(known) }
    },
    /** @returns false when it is too long to be kept. */
    write(name: FormName, form: object): boolean {
      const text = JSON.stringify({ at: now(), form } satisfies Kept)
      if (text.length > longestText) {
        storage.remove(keyOf(name))
        return false
      }
      storage.set(keyOf(name), text)
      prune()
      return true
    },
    remove: (name: FormName) => storage.remove(keyOf(name)),
  }
}

const sameShape = (a: unknown, b: unknown) => typeof a === typeof b && Array.isArray(a) === Array.isArray(b)
