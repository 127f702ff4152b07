import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { type Config, ConfigError, parseConfig } from '#kit/config'
import type { Log } from '#kit/log'
import { openFiles } from '../adapters.ts'
import { assertStopped, withDatabase } from '../cli-database.ts'
import type { Manifest } from './archive.ts'
import { hasQueue, makeBackup } from './backup.ts'
import { restoreBackup } from './restore.ts'

/**
 * Takes everything from the arena of `from` to the one that the settings in `file` describe, which is empty yet: a backup and its restore. The old one is
 * left as it is. @throws ConfigError
 */
export async function moveArena(from: Config, file: string, log: Log): Promise<{ manifest: Manifest; to: Config }> {
  const to = readSettings(file)
  if (placeOf(from) === placeOf(to)) throw new ConfigError(`${file} names the database that is used already (ARENA_DB_URL, ARENA_DATA_DIR)`)
  await assertStopped(from)
  await assertStopped(to)
  const archive = join(resolve(from.dataDir), `moving-${process.pid}.tar.gz`)
  const files = await openFiles(from)
  try {
    await withDatabase(from, log, (ownerUrl) => makeBackup({ ownerUrl, files, hasQueue: hasQueue(from) }, archive, { alone: true }))
    const target = await openFiles(to)
    const manifest = await withDatabase(to, log, (ownerUrl) => restoreBackup(archive, { ownerUrl, files: target, hasQueue: hasQueue(to) }, false))
    return { manifest, to }
  } finally {
    await rm(archive, { force: true })
  }
}

/** Settings of an arena from a file of lines `ARENA_…=…`, as systemd and Docker read them; nothing comes from this process's environment. */
function readSettings(file: string): Config {
  try {
    return parseConfig(parseEnv(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new ConfigError(`${file}: ${cause instanceof Error ? cause.message : cause}`)
  }
}

const placeOf = (config: Config) => config.dbUrl?.reveal() ?? resolve(config.dataDir)
