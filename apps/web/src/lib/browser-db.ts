/**
 * The page's IndexedDB: `outbox` (what waits to be sent) and `answers` (what was read, for reading it again without a line). Never throws for want of a
 * database (private windows, a full disk, plain old browsers): its callers get `undefined` and do with what localStorage and memory offer.
 */
const version = 1
const stores = ['outbox', 'answers'] as const
export type StoreName = (typeof stores)[number]

export type Table = {
  /** undefined: there is no database. */
  readonly all: () => Promise<unknown[] | undefined>
  readonly get: (key: string) => Promise<unknown>
  /** False: it was not stored. */
  readonly put: (key: string, value: unknown) => Promise<boolean>
  readonly remove: (key: string) => Promise<void>
  readonly keys: () => Promise<string[]>
}

function opened(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open('arena', version)
    request.onupgradeneeded = () => {
      for (const name of stores) if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name)
    }
    request.onsuccess = () => {
      // a newer page in another tab must not wait for this one
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = request.onblocked = () => reject(request.error)
  })
}

/** Done when the transaction is on the disk, not when the request was answered. */
function inStore<T>(db: IDBDatabase, name: StoreName, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(name, mode)
    const request = work(transaction.objectStore(name))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? request.error)
  })
}

/** @param factory looked up late, since merely naming it throws in some private windows */
export function browserDb(factory: () => IDBFactory | undefined): (name: StoreName) => Table {
  let db: Promise<IDBDatabase> | undefined
  const within = async <T>(name: StoreName, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> => {
    try {
      const found = factory()
      if (!found) return undefined
      db ??= opened(found)
      return await inStore(await db, name, mode, work)
    } catch {
      db = undefined // closed under us, or never opened: asked for again next time
      return undefined
    }
  }
  return (name) => ({
    all: () => within(name, 'readonly', (store) => store.getAll()),
    get: (key) => within(name, 'readonly', (store) => store.get(key)),
    put: async (key, value) => (await within(name, 'readwrite', (store) => store.put(value, key))) !== undefined,
    remove: async (key) => void (await within(name, 'readwrite', (store) => store.delete(key))),
    keys: async () => ((await within(name, 'readonly', (store) => store.getAllKeys())) ?? []).map(String),
  })
}
