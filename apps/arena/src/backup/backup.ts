import { readFileSync } from 'node:fs'
import { type Snapshot, withSnapshot } from '#adapters/postgres-snapshot'
import type { Config } from '#kit/config'
import { type Files, FilesError } from '#ports/files'
import { blobDigestsSql } from '#services/contest/src/operations'
import { type Add, blobMember, type Manifest, manifestFormat, tableMember, writeArchive } from './archive.ts'
import { assertUsableByTools, knownSchemas, queueSchema } from './schemas.ts'

export type BackupParts = {
  readonly ownerUrl: string
  readonly files: Files
  /** Whether PostgreSQL carries the queue: then it is in the backup. */
  readonly hasQueue: boolean
}

/** Whether PostgreSQL carries this arena's queue, beside its rows. */
export const hasQueue = (config: Config): boolean => config.busUrl === undefined

/**
 * Everything an arena keeps, as of one moment, in one file; beside a running arena, which does not notice. Blobs are copied after the rows that name
 * them: they never change and are never removed, so they are there. `alone`: no service may be at work. @throws ConfigError
 */
export async function makeBackup({ ownerUrl, files, hasQueue }: BackupParts, file: string, options: { readonly alone: boolean }): Promise<Manifest> {
  await assertUsableByTools(ownerUrl, options)
  const createdAt = new Date().toISOString()
  const names = Object.keys(knownSchemas).filter((name) => hasQueue || name !== queueSchema)
  return writeArchive(file, async (add) => {
    const { digests, ...rows } = await withSnapshot(ownerUrl, names, (snapshot) => addRows(snapshot, add))
    return { format: manifestFormat, version: ownVersion(), createdAt, hasQueue, ...rows, ...(await addBlobs(digests, files, add)) }
  })
}

const ownVersion = (): string => JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')).version

async function addRows(snapshot: Snapshot, add: Add) {
  const schemas: Manifest['schemas'] = []
  for (const { name, migrations, tables } of snapshot.schemas) {
    const written = []
    for (const table of tables.filter((each) => each.name !== 'arena_migrations'))
      written.push({ name: table.name, columns: [...table.columns], ...(await add(tableMember(name, table.name), snapshot.copy(name, table))) })
    schemas.push({ name, migrations: [...migrations], tables: written })
  }
  const hasProblems = snapshot.schemas.some(({ name }) => name === 'contest')
  const digests = hasProblems ? (await snapshot.query<{ digest: string }>(blobDigestsSql)).map(({ digest }) => digest) : []
  return { schemas, server: snapshot.serverVersion, digests }
}

/** One that is missing or damaged is no reason to have no backup at all; it is named. */
async function addBlobs(digests: readonly string[], files: Files, add: Add): Promise<Pick<Manifest, 'blobs' | 'lost'>> {
  const blobs = { count: 0, bytes: 0 }
  const lost: string[] = []
  for (const digest of digests) {
    try {
      const content = await files.get(digest)
      if (content === undefined) lost.push(digest)
      else {
        blobs.bytes += (await add(blobMember(digest), content)).bytes
        blobs.count += 1
      }
    } catch (cause) {
      if (!(cause instanceof FilesError && cause.retry === 'never')) throw cause
      lost.push(digest)
    }
  }
  return { blobs, lost }
}
