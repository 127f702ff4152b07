import { mkdir } from 'node:fs/promises'
import { type Config, ConfigError } from '#kit/config'
import { openLog } from '#kit/log'
import { openBus, openDbServer, prepareBus } from './adapters.ts'
import { openDoors } from './doors.ts'
import { startServices } from './hosting.ts'
import { listen } from './listener.ts'
import { serviceSecret } from './secrets.ts'
import { ensureWeb } from './web-build.ts'

/** A list of services in this process; database, queue and neighbours come by address. `isSupervised`: a worker of `whole.ts`, which needs no port. */
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
    const dbUrl = config.dbUrl?.reveal()
    const dbServer = dbUrl === undefined ? undefined : await openDbServer(dbUrl, log)
    if (dbServer) undo.push(() => dbServer.close())
    const busUrl = config.busUrl?.reveal() ?? (dbUrl === undefined ? undefined : await prepareBus(dbUrl))
    if (busUrl === undefined) throw new ConfigError('ARENA_BUS_URL is not set, and there is no ARENA_DB_URL to keep the queue in')
    const bus = await openBus(busUrl, log)
    undo.push(() => bus.close())
    const secret = config.serviceKey ? undefined : await serviceSecret(config)
    const hosting = await startServices({ config, names: config.services, dbServer, bus, log, secret })
    undo.push(() => hosting.stop())
    if (listener)
      listener.open((await openDoors(config, hosting, config.services.includes('gateway') ? ensureWeb((line) => log.info({}, line)) : Promise.resolve())).front)
    return { stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}
