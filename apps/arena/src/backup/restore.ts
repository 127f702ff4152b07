import { beginRestore, giveUpRestore, hasAccounts, type RestorePlan, restoreSnapshot, whyNotRestorable } from '#adapters/postgres-snapshot'
import { ConfigError } from '#kit/config'
import type { Files } from '#ports/files'
import { startNewHistorySql } from '#services/leaderboard/src/operations'
import { tellUnsettledAgainSql } from '#services/submission/src/operations'
import { blobOf, type Manifest, readArchive, tableMember, verifyArchive } from './archive.ts'
import { assertUsableByTools, knownSchemas, queueSchema } from './schemas.ts'

export type RestoreParts = {
  readonly ownerUrl: string
  readonly files: Files
  /** Whether PostgreSQL will carry the queue here. */
  readonly hasQueue: boolean
}

/**
 * Puts back what `makeBackup` kept. All is read and checked before anything is written; then blobs (which harm nobody when the rest fails), then every
 * row in one transaction. @throws ConfigError when the file is no whole backup, comes from a newer version, services are at work here, or, unless
 * `isForced`, there are accounts here: what was there is as it was.
 */
export async function restoreBackup(file: string, { ownerUrl, files, hasQueue }: RestoreParts, isForced: boolean): Promise<Manifest> {
  const manifest = await verifyArchive(file)
  const isOurs = (name: string) => hasQueue || name !== queueSchema
  const plan: RestorePlan = {
    schemas: manifest.schemas.filter(({ name }) => isOurs(name)),
    known: Object.fromEntries(Object.entries(knownSchemas).filter(([name]) => isOurs(name))),
  }
  const why = whyNotRestorable(plan)
  if (why !== undefined) throw new ConfigError(`${file} was made by another version (${manifest.version}): ${why}. Restore it with that version or a newer one`)
  await assertUsableByTools(ownerUrl, { alone: true })
  if (!isForced && (await hasAccounts(ownerUrl)))
    throw new ConfigError('there are accounts in this arena; --force replaces all of it by the backup. Make a backup of what is here first')
  await beginRestore(ownerUrl)
  try {
    await putBlobs(file, files, manifest)
    await restoreSnapshot(ownerUrl, plan, {
      write: async ({ fill }) => {
        const tables = new Map(plan.schemas.flatMap(({ name, tables }) => tables.map((table) => [tableMember(name, table.name), [name, table.name]] as const)))
        for await (const { name, content } of readArchive(file)) {
          const [schema, table] = tables.get(name) ?? []
          if (schema !== undefined && table !== undefined) await fill(schema, table, content)
        }
      },
      after: async ({ query }) => {
        if (plan.schemas.some(({ name }) => name === 'leaderboard')) await query('leaderboard', startNewHistorySql)
        for (const [schema, sql] of queueRepairs(manifest, hasQueue)) await query(schema, sql)
      },
    })
  } catch (cause) {
    await giveUpRestore(ownerUrl).catch(() => undefined) // the failure below is what counts; where this fails too, the mark stays and says so
    throw cause
  }
  return manifest
}

async function putBlobs(file: string, files: Files, { lost }: Manifest): Promise<void> {
  for await (const { name, content } of readArchive(file)) {
    const digest = blobOf(name)
    if (digest === undefined || lost.includes(digest)) continue
    const put = await files.put(content)
    if (put.digest !== digest) throw new Error(`${name} was changed while it was restored`)
  }
}

/**
 * Where the queue does not come along, what was under way in it is told again by the services' own relays: all that their logs keep, seven days. Who had it
 * knows an event by its id and takes no notice.
 */
function queueRepairs({ schemas, hasQueue: wasHere }: Manifest, hasQueue: boolean): (readonly [schema: string, sql: string])[] {
  if (wasHere && hasQueue) return []
  const tellers = schemas.filter(({ tables }) => tables.some(({ name }) => name === 'outbox')).map(({ name }) => name)
  return tellers.map((name) => [name, name === 'submission' ? tellUnsettledAgainSql : 'update outbox set published_at = null where published_at is not null'])
}
