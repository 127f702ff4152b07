import { mkdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { giveUpRestore } from '#adapters/postgres-snapshot'
import { type Config, ConfigError } from '#kit/config'
import { type Log, openLog } from '#kit/log'
import { openDbServer, openFiles, prepareBus } from './adapters.ts'
import type { Manifest } from './backup/archive.ts'
import { hasQueue, makeBackup } from './backup/backup.ts'
import { moveArena } from './backup/move.ts'
import { restoreBackup } from './backup/restore.ts'
import { knownSchemas, queueSchema } from './backup/schemas.ts'
import { assertStopped, withDatabase } from './cli-database.ts'
import { complain, say } from './terminal.ts'

type Command = (args: readonly string[], config: Config) => Promise<void>

const log: Log = openLog('error')

/** `migrate`: every service's tables, brought up to date; any number of processes may do it at once. */
export const migrateCommand: Command = (_args, config) =>
  withDatabase(config, log, async (url) => {
    const server = await openDbServer(url, log)
    try {
      for (const [name, migrations] of Object.entries(knownSchemas)) {
        if (name === queueSchema) continue
        await (await server.openFor(name, migrations, { maxConnections: 1 })).close()
        say(`${name.padEnd(14)} ${migrations.length} migrations are applied`)
      }
    } finally {
      await server.close()
    }
    if (hasQueue(config)) await prepareBus(url)
  })

/** `backup FILE|FOLDER`. The exit code is 1 when blobs were missing, though there is a backup then. */
export const backupCommand: Command = async ([target], config) => {
  if (!target) throw new ConfigError('Where to? npm run arena -- backup FILE|FOLDER')
  const file = await fileFor(target)
  const files = await openFiles(config)
  const manifest = await withDatabase(config, log, (ownerUrl) => makeBackup({ ownerUrl, files, hasQueue: hasQueue(config) }, file, { alone: false }))
  say(`${file}: ${summary(manifest)}, as of ${manifest.createdAt}. It holds password hashes and signing keys: keep it where only you can read it.`)
  tellLost(manifest)
}

/** `restore FILE [--force]`, `restore --give-up`. */
export const restoreCommand: Command = async (args, config) => {
  const usage = 'npm run arena -- restore FILE [--force], or: restore --give-up'
  const [file, ...more] = args.filter((arg) => !arg.startsWith('--'))
  const flags = args.filter((arg) => arg.startsWith('--'))
  const isGivingUp = flags.includes('--give-up')
  if (more.length > 0 || flags.some((flag) => flag !== '--force' && flag !== '--give-up') || isGivingUp === (file !== undefined)) throw new ConfigError(usage)
  await assertStopped(config)
  if (isGivingUp) {
    const was = await withDatabase(config, log, giveUpRestore)
    return say(was ? 'Given up: this arena is as it was before that restore' : 'No restore was begun here')
  }
  const files = await openFiles(config)
  const parts = { files, hasQueue: hasQueue(config) }
  const manifest = await withDatabase(config, log, (ownerUrl) => restoreBackup(file as string, { ...parts, ownerUrl }, flags.includes('--force')))
  say(`Restored: ${summary(manifest)}, as of ${manifest.createdAt}. Everybody logs in as at that time.`)
  remindOfReplay(manifest, config)
  tellLost(manifest)
}

/** `move --to FILE`: addresses come from a file, since a command line is for all to see. */
export const moveCommand: Command = async ([flag, file, ...more], config) => {
  if (flag !== '--to' || !file || more.length > 0)
    throw new ConfigError('npm run arena -- move --to FILE; the file holds the settings of the new arena, such as ARENA_DB_URL=… and ARENA_FILES_URL=…')
  const { manifest, to } = await moveArena(config, file, log)
  say(`Moved: ${summary(manifest)}. From now on start the arena with the settings in ${file}; what was here is left as it was, and must not be started again.`)
  remindOfReplay(manifest, to)
  tellLost(manifest)
}

async function fileFor(target: string): Promise<string> {
  const isFolder = target.endsWith('/') || ((await stat(target).catch(() => undefined))?.isDirectory() ?? false)
  const name = `arena-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz`
  const file = resolve(isFolder ? join(target, name) : target)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  return file
}

function summary({ schemas, blobs }: Manifest): string {
  const tables = schemas.flatMap((schema) => schema.tables)
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0) + blobs.bytes
  return `${schemas.length} schemas with ${tables.length} tables, and ${blobs.count} blobs; ${Math.ceil(bytes / 1024)} KiB`
}

/** Without the queue of before, what services tell as they start is in no queue of those that start later. */
function remindOfReplay(manifest: Manifest, config: Config): void {
  if (manifest.hasQueue && hasQueue(config)) return
  say('The queue begins empty. Start all services, and when they are up: npm run arena -- replay user; then the same with contest, and with submission.')
}

function tellLost({ lost }: Manifest): void {
  if (lost.length === 0) return
  complain(`${lost.length} blobs that problems name are missing or damaged in the files of the arena that was backed up; import those problems again:`)
  for (const digest of lost) complain(`  ${digest}`)
  process.exitCode = 1
}
