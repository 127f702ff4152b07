import { busMigrations } from '#adapters/bus-postgres-schema'
import { whyNotForTools } from '#adapters/postgres-snapshot'
import { ConfigError } from '#kit/config'
import type { Migration } from '#ports/db'
import { allServices } from '../all-services.ts'

/** Where PostgreSQL carries the queue. */
export const queueSchema = 'bus'

/** Every schema an arena keeps something in → its migrations. */
export const knownSchemas: Readonly<Record<string, readonly Migration[]>> = Object.fromEntries([
  ...allServices(() => Promise.resolve({})).flatMap(({ name, migrations }) => (migrations === 'none' ? [] : [[name, migrations] as const])),
  [queueSchema, busMigrations],
])

/** @throws ConfigError when `url` is not the owner's, or (with `alone`) others are at work in the database. */
export async function assertUsableByTools(url: string, options: { readonly alone: boolean }): Promise<void> {
  const why = await whyNotForTools(url, options)
  if (why !== undefined) throw new ConfigError(why)
}
