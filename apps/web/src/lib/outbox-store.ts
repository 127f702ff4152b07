/** Where waiting submissions lie: IndexedDB, and localStorage where there is none (or where it took no more). */
import type { Table } from './browser-db.ts'
import type { OutboxItem, OutboxStore } from './outbox.ts'
import type { KeyValue } from './storage.ts'

const prefix = 'arena.outbox.'

function parsed(text: string | undefined): OutboxItem | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as OutboxItem)
  } catch {
    return undefined
  }
}

export function outboxStore(table: Table, storage: KeyValue): OutboxStore {
  return {
    async list() {
      const kept = storage.keys().flatMap((key) => (key.startsWith(prefix) ? (parsed(storage.get(key)) ?? []) : []))
      const stored = ((await table.all()) ?? []) as OutboxItem[]
      return [...stored.filter(({ key }) => !kept.some((each) => each.key === key)), ...kept]
    },
    async put(item) {
      if (await table.put(item.key, item)) storage.remove(prefix + item.key)
      else storage.set(prefix + item.key, JSON.stringify(item))
    },
    async remove(key) {
      storage.remove(prefix + key)
      await table.remove(key)
    },
  }
}
