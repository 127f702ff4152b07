import { mkdir } from 'node:fs/promises'
import { type Config, ConfigError } from '#kit/config'
import { type Log, openLog } from '#kit/log'
import type { DbServer } from '#ports/db'
import { openBus, openDbServer, prepareBus } from './adapters.ts'
import { openDoors } from './doors.ts'
import { firstStartOfMany } from './first-start.ts'
import { startServices } from './hosting.ts'
import { leaveService } from './leave-service.ts'
import { listen } from './listener.ts'
import { serviceSecret } from './secrets.ts'
import { ensureWeb } from './web-build.ts'

/**
 * A list of services in this process; database, queue and neighbours come by address. `isSupervised`: a worker of `whole.ts`, which needs no port.
 * What is opened is pushed on a stack and closed in reverse, also when a later step fails.
 */
export async function startAlone(config: Config, isSupervised: boolean): Promise<{ stop(): Promise<void> }> {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o711 })
    const listener = isSupervised ? undefined : await listen({ host: config.host, port: config.port })
    if (listener) undo.push(() => listener.close())
    const log = openLog(config.log)
    const dbServer = await database(config, log)
    if (dbServer) undo.push(() => dbServer.close())
    const bus = await openBus(await queueUrl(config), log)
    undo.push(() => bus.close())
    const secret = config.serviceKey ? undefined : await serviceSecret(config)
    const hosting = await startServices({ config, names: config.services, dbServer, bus, log, secret })
    undo.push(() => hosting.stop())
    if (!listener) return { stop }
    const building = config.services.includes('gateway') ? ensureWeb((line) => log.info({}, line)) : Promise.resolve()
    listener.open((await openDoors(config, hosting, building)).front)
    const first = firstStartOfMany(config, hosting, log)
    undo.push(first.stop, () => leaveService(listener, hosting, config))
    return { stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

const database = async (config: Config, log: Log): Promise<DbServer | undefined> => config.dbUrl && openDbServer(config.dbUrl.reveal(), log)

async function queueUrl(config: Config): Promise<string> {
  if (config.busUrl) return config.busUrl.reveal()
  if (config.dbUrl) return prepareBus(config.dbUrl.reveal())
  throw new ConfigError('ARENA_BUS_URL is not set, and there is no ARENA_DB_URL to keep the queue in')
}
