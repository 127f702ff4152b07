/** What localStorage offers, but never throwing: private windows and full disks make it forget, not fail. */
export type KeyValue = {
  readonly get: (key: string) => string | undefined
  readonly set: (key: string, value: string) => void
  readonly remove: (key: string) => void
  readonly keys: () => string[]
}

export function memoryStorage(): KeyValue {
  const map = new Map<string, string>()
  return { get: (key) => map.get(key), set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key), keys: () => [...map.keys()] }
}

/** @param open throws where the browser forbids storage; then a memory of this page stands in. */
export function browserStorage(open: () => Storage): KeyValue {
  const memory = memoryStorage()
  const attempt = <T>(work: (storage: Storage) => T, instead: () => T): T => {
    try {
      return work(open())
    } catch {
      return instead()
    }
  }
  return {
    get: (key) =>
      attempt(
        (storage) => storage.getItem(key) ?? undefined,
        () => memory.get(key),
      ),
    set: (key, value) =>
      attempt(
        (storage) => storage.setItem(key, value),
        () => memory.set(key, value),
      ),
    remove: (key) =>
      attempt(
        (storage) => storage.removeItem(key),
        () => memory.remove(key),
      ),
    keys: () =>
      attempt(
        (storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ''),
        () => memory.keys(),
      ),
  }
}
