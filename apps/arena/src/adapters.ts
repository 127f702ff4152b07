import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPostgresBus, preparePostgresBus } from '#adapters/bus-postgres'
import { openMemoryCache } from '#adapters/cache-memory'
import { systemClock } from '#adapters/clock-system'
import { openPostgres } from '#adapters/db-postgres'
import { openFolderFiles } from '#adapters/files-folder'
import { openS3Files } from '#adapters/files-s3'
import { openFolderMailer } from '#adapters/mail-folder'
import { type Config, ConfigError } from '#kit/config'
import type { Log } from '#kit/log'
import type { Bus } from '#ports/bus'
import type { Cache } from '#ports/cache'
import type { DbServer } from '#ports/db'
import type { Files } from '#ports/files'
import type { Mailer } from '#ports/mailer'

/** URL scheme → adapter: the only place that knows which there are. */
export const openDbServer = (url: string, log: Log): Promise<DbServer> =>
  byScheme('ARENA_DB_URL', url, { postgres: () => openPostgres(url, { log }), postgresql: () => openPostgres(url, { log }) })

/** The bus's own address below an owner's: a role that reaches nothing else. Prepares the queue's tables. */
export const prepareBus = (ownerUrl: string): Promise<string> => preparePostgresBus(ownerUrl)
export const openBus = (url: string, log: Log): Promise<Bus> =>
  byScheme('ARENA_BUS_URL', url, { postgres: () => openPostgresBus(url, { log }), postgresql: () => openPostgresBus(url, { log }) })

export const openCache = (url: string): Promise<Cache> => byScheme('ARENA_CACHE_URL', url, { memory: async () => openMemoryCache({ clock: systemClock }) })

export function openFiles(config: Config): Promise<Files> {
  const url = config.filesUrl?.reveal()
  if (url === undefined) return openFolderFiles(resolve(config.dataDir, 'files'))
  const told = (cause: unknown): never => {
    throw cause instanceof Error ? new ConfigError(`ARENA_FILES_URL: ${cause.message}`) : cause
  }
  return byScheme('ARENA_FILES_URL', url, { file: () => openFolderFiles(fileURLToPath(url)), s3: () => openS3Files(url).catch(told) })
}
export const openMailer = (config: Config): Promise<Mailer> =>
  inFolder('ARENA_MAIL_URL', config.mailUrl?.reveal(), join(config.dataDir, 'mail'), openFolderMailer)

function byScheme<T>(setting: string, url: string, adapters: Readonly<Record<string, () => Promise<T>>>): Promise<T> {
  const scheme = url.slice(0, Math.max(0, url.indexOf(':')))
  const open = adapters[scheme]
  if (!open)
    throw new ConfigError(
      `${setting} begins with "${scheme}:"; it takes ${Object.keys(adapters)
        .map((each) => `${each}:`)
        .join(' or ')}`,
    )
  return open()
}
function inFolder<T>(setting: string, url: string | undefined, standard: string, open: (folder: string) => Promise<T>): Promise<T> {
  return url === undefined ? open(resolve(standard)) : byScheme(setting, url, { file: () => open(fileURLToPath(url)) })
}
