import { request } from 'undici'
import { systemClock, systemIds } from '#adapters/clock-system'
import type { ServiceName } from '#contracts/all'
import { openAccessTokens } from '#kit/access-tokens'
import type { Config } from '#kit/config'
import type { Check } from '#kit/define-service'
import type { Log } from '#kit/log'
import { observedBus } from '#kit/observed-bus'
import { openPeers } from '#kit/peers'
import { watchProgress } from '#kit/progress'
import { openReach } from '#kit/reach'
import { type Host, openServiceDb, type RunningService, runService } from '#kit/run-service'
import { openSeals } from '#kit/seals'
import { deriveServiceKey, openServiceTokens } from '#kit/service-tokens'
import type { Bus } from '#ports/bus'
import type { Db, DbServer } from '#ports/db'
import { openFiles, openMailer, openPaymentProviders, openShared } from './adapters.ts'
import { allServices } from './all-services.ts'
import { openSandbox } from './sandbox.ts'
import { openWatching } from './watching.ts'

/** The services of this process, started in order and stopped in reverse. */
export type Hosting = {
  readonly get: (name: ServiceName) => RunningService | undefined
  /** Of the services in this process. */
  readonly checks: () => Promise<ChecksByService>
  /** What stands still in this process, for whoever would start it again; nothing in good days. */
  readonly stalled: () => Promise<readonly string[]>
  /** From the first moment of stopping: nothing new should be sent here. */
  readonly isDraining: () => boolean
  drain(): void
  stop(): Promise<void>
}
export type ChecksByService = Readonly<Partial<Record<ServiceName, Readonly<Record<string, Check>>>>>
export type HostingOptions = {
  readonly config: Config
  readonly names: readonly string[]
  readonly dbServer: DbServer | undefined
  readonly bus: Bus
  readonly log: Log
  /** The whole deployment's secret; absent in a worker, which has only its own key. */
  readonly secret: string | undefined
}

export async function startServices(options: HostingOptions): Promise<Hosting> {
  const { config, log, dbServer, secret } = options
  const progress = watchProgress(options.bus, systemClock)
  const running = new Map<ServiceName, RunningService>()
  const caller = options.names.length === 1 ? (options.names[0] as string) : 'arena'
  const watching = await openWatching(config, caller, log)
  const { metrics, tracing } = watching
  const key = config.serviceKey ? new Uint8Array(Buffer.from(config.serviceKey.reveal(), 'base64url')) : deriveServiceKey(secret ?? '', caller)
  const peers = openPeers({ hosted: (name) => running.get(name)?.app, urls: config.peerUrls, tokens: openServiceTokens(caller, key, systemClock) })
  const tokens = openAccessTokens(async () => {
    const keys = await peers.call('GET /.well-known/jwks.json', {})
    if (!keys.ok) throw new Error(`the user service does not give its keys: ${keys.error.code}`)
    return keys.value
  }, systemClock)
  // a judge reaches nothing but the queue
  const sharedUrl = options.names.every((name) => name === 'evaluation') ? 'memory:' : config.cacheUrl.reveal()
  const { close: closeShared, ...shared } = await openShared(sharedUrl, { bus: options.bus, log })
  const host: Host = {
    ...shared,
    bus: observedBus(progress.bus, { metrics, tracing, clock: systemClock }),
    metrics,
    tracing,
    peers,
    tokens,
    log,
    config,
    serviceSecret: secret,
    files: await openFiles(config),
    mailer: await openMailer(config),
    clock: systemClock,
    ids: systemIds,
    ...secretsOf(config, secret),
    openSandbox: () => openSandbox(config, log),
  }
  const ownChecks = async (): Promise<ChecksByService> =>
    Object.fromEntries(await Promise.all([...running.values()].map(async (service) => [service.name, await checksOf(service)] as const)))
  const neighbours = async (): Promise<ChecksByService> => ({
    ...(await remoteChecks(config.peerUrls, (name) => running.has(name as ServiceName))),
    ...(await ownChecks()),
  })
  const stop = async () => {
    for (const service of [...running.values()].reverse())
      await service.stop().catch((cause: unknown) => log.error({ err: cause, service: service.name }, 'a service did not stop in order'))
    await host.mailer.close()
    await peers.close()
    await closeShared()
    await watching.close()
  }
  try {
    const services = allServices(neighbours).filter((service) => options.names.includes(service.name))
    const databases = await Promise.all(services.map((service) => openServiceDb(service, dbServer)))
    for (const [at, service] of services.entries()) {
      const started = await runService(service, host, databases[at] as Db)
      running.set(service.name, started)
      if (started.sweptAt) progress.watchSweep(service.name, started.sweptAt)
    }
  } catch (cause) {
    await stop()
    throw cause
  }
  let isDraining = false
  return {
    get: (name) => running.get(name),
    checks: ownChecks,
    stalled: progress.stalled,
    isDraining: () => isDraining,
    drain() {
      isDraining = true
    },
    stop,
  }
}

/** What takes the deployment's secret, or a provider's. */
function secretsOf(config: Config, secret: string | undefined): Pick<Host, 'seals' | 'openPaymentProviders'> {
  const seals = openSeals(secret)
  return { seals, openPaymentProviders: (books) => openPaymentProviders(config, { books, seals }) }
}

/** A check that hangs is a check that failed. */
async function checksOf(service: RunningService): Promise<Readonly<Record<string, Check>>> {
  const late = new Promise<Record<string, Check>>((resolve) =>
    setTimeout(() => resolve({ service: { ok: false, detail: 'no answer within 2 s' } }), 2_000).unref(),
  )
  return Promise.race([service.checks(), late])
}

/** What the processes of the services that live elsewhere say of them (their inner `/api/ready`); who does not answer is down. */
async function remoteChecks(urls: Readonly<Record<string, string>>, isHosted: (name: string) => boolean): Promise<ChecksByService> {
  const elsewhere = Object.entries(urls).filter(([name]) => !isHosted(name))
  const answers = new Map(await Promise.all([...new Set(elsewhere.map(([, url]) => url))].map(async (url) => [url, await askChecks(url)] as const)))
  return Object.fromEntries(
    elsewhere.map(([name, url]) => [name, answers.get(url)?.[name as ServiceName] ?? { service: { ok: false, detail: 'no answer within 2 s' } }]),
  )
}

async function askChecks(address: string): Promise<ChecksByService> {
  const reach = openReach()
  try {
    const { url, options } = reach.to(address, '/api/ready')
    const { body } = await request(url, { signal: AbortSignal.timeout(2_000), ...options })
    return ((await body.json()) as { services: ChecksByService }).services
  } catch {
    return {} // told as "no answer" for each of its services
  } finally {
    await reach.close()
  }
}
