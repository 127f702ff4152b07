import { resolve } from 'node:path'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { type Config, ConfigError } from '#kit/config'
import type { Log } from '#kit/log'
import { isAlive, readRunFile } from './run-file.ts'

/** The arena's database for one command: the configured one's, the running arena's, or the embedded one started for the occasion and stopped after it. */
export async function withDatabase<T>(config: Config, log: Log, work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const running = await runningArena(config)
  const url = config.dbUrl?.reveal() ?? running?.dbUrl
  if (url !== undefined) return work(url)
  const own = await startEmbeddedPostgres({ dataDir: resolve(config.dataDir, 'postgres'), log })
  try {
    return await work(own.url)
  } finally {
    await own.stop()
  }
}

/** For what must have the database to itself; services on other machines are looked for in the database. @throws ConfigError */
export async function assertStopped(config: Config): Promise<void> {
  const running = await runningArena(config)
  if (running !== undefined) throw new ConfigError(`an arena (process ${running.pid}) is running on ${resolve(config.dataDir)}: stop it first`)
}

async function runningArena(config: Config) {
  const last = await readRunFile(config.dataDir)
  return last !== undefined && isAlive(last.pid) ? last : undefined
}
