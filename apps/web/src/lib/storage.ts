/** What localStorage offers, but never throwing: what a private window or a full disk does not take is kept while the page lives. */
export type KeyValue = {
  readonly get: (key: string) => string | undefined
  /** False: kept by this page alone, and gone with it. */
  readonly set: (key: string, value: string) => boolean
  readonly remove: (key: string) => void
  readonly keys: () => string[]
}

export function memoryStorage(): KeyValue {
  const map = new Map<string, string>()
  return {
    get: (key) => map.get(key),
    set(key, value) {
      map.set(key, value)
      return true
    },
    remove: (key) => void map.delete(key),
    keys: () => [...map.keys()],
  }
}

/** @param open throws where the browser forbids storage; then a memory of this page stands in, as it does for what does not fit. */
export function browserStorage(open: () => Storage): KeyValue {
  const memory = memoryStorage()
  const attempt = <T>(work: (storage: Storage) => T, instead: T): T => {
    try {
      return work(open())
    } catch {
      return instead
    }
  }
  const stored = () => attempt((storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ''), [])
  return {
    // the memory first: it holds what is newer than the storage took
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key) ?? undefined, undefined),
    set(key, value) {
      const isStored = attempt((storage) => {
        storage.setItem(key, value)
        return true
      }, false)
      if (isStored) memory.remove(key)
      else memory.set(key, value)
      return isStored
    },
    remove(key) {
      memory.remove(key)
      attempt((storage) => storage.removeItem(key), undefined)
    },
    keys: () => [...new Set([...stored(), ...memory.keys()])],
  }
}
