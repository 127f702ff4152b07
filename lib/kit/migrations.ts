import { readdirSync, readFileSync } from 'node:fs'
import type { Migration } from '#ports/db'
import { outboxMigration, plainPayloadMigration, sweeperMigration, traceMigration } from './outbox.ts'

/** The kit's own tables, then the `*.sql` files of a folder in name order. Forward only: expand, move, contract. */
export function migrationsIn(folder: URL): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return [
    outboxMigration,
    sweeperMigration,
    traceMigration,
    plainPayloadMigration,
    ...names.map((name) => ({ name: name.slice(0, -'.sql'.length), sql: readFileSync(new URL(name, folder), 'utf8') })),
  ]
}
