import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPostgresBus, preparePostgresBus } from '#adapters/bus-postgres'
import { openRabbitBus } from '#adapters/bus-rabbitmq'
import { openMemoryCache } from '#adapters/cache-memory'
import { openRedisCache } from '#adapters/cache-redis'
import { systemClock } from '#adapters/clock-system'
import { openPostgres, serviceUrl } from '#adapters/db-postgres'
import { openBusFanout } from '#adapters/fanout-bus'
import { openRedisFanout } from '#adapters/fanout-redis'
import { openFolderFiles } from '#adapters/files-folder'
import { openS3Files } from '#adapters/files-s3'
import { openFolderMailer } from '#adapters/mail-folder'
import { parseSender } from '#adapters/mail-message'
import { openSmtpMailer } from '#adapters/mail-smtp'
import { openFlutterwave } from '#adapters/payment-flutterwave'
import { openManualPayments } from '#adapters/payment-manual'
import { openSandboxPayments } from '#adapters/payment-sandbox'
import { openStripe } from '#adapters/payment-stripe'
import { openMemoryRankedView } from '#adapters/ranked-memory'
import { openRedisRankedView } from '#adapters/ranked-redis'
import { openRedis } from '#adapters/redis-connection'
import { type Config, ConfigError, type ProviderChoice } from '#kit/config'
import type { Log } from '#kit/log'
import type { Seals } from '#kit/seals'
import type { Bus } from '#ports/bus'
import type { Cache } from '#ports/cache'
import type { DbServer } from '#ports/db'
import type { Fanout } from '#ports/fanout'
import type { Files } from '#ports/files'
import type { Mailer } from '#ports/mailer'
import type { PaymentProvider, SandboxBooks } from '#ports/payment-provider'
import type { RankedView } from '#ports/ranked-view'

/** URL scheme → adapter: the only place that knows which there are. */
export const openDbServer = (url: string, log: Log): Promise<DbServer> =>
  byScheme('ARENA_DB_URL', url, { postgres: () => openPostgres(url, { log }), postgresql: () => openPostgres(url, { log }) })

/** One service's own address below an owner's. */
export const ownDbUrl = (ownerUrl: string, service: string): string => serviceUrl(ownerUrl, service)

/** The bus's own address below an owner's: a role that reaches nothing else. Prepares the queue's tables. */
export const prepareBus = (ownerUrl: string): Promise<string> => preparePostgresBus(ownerUrl)
export const openBus = (url: string, log: Log): Promise<Bus> =>
  byScheme('ARENA_BUS_URL', url, {
    postgres: () => openPostgresBus(url, { log }),
    postgresql: () => openPostgresBus(url, { log }),
    amqp: () => openRabbitBus(url, { log }),
    amqps: () => openRabbitBus(url, { log }),
  })

/** What replicas share and may lose. */
export type Shared = { readonly cache: Cache; readonly fanout: Fanout; readonly rankedView: RankedView; close(): Promise<void> }
export const openShared = (url: string, { bus, log }: { readonly bus: Bus; readonly log: Log }): Promise<Shared> =>
  byScheme('ARENA_CACHE_URL', url, {
    memory: async () => ({ cache: ownCache(), fanout: openBusFanout(bus), rankedView: openMemoryRankedView(), close: async () => undefined }),
    redis: () => openSharedRedis(url, log),
    rediss: () => openSharedRedis(url, log),
  })
const ownCache = () => openMemoryCache({ clock: systemClock })
async function openSharedRedis(url: string, log: Log): Promise<Shared> {
  const redis = await openRedis(url, { log })
  return {
    cache: openRedisCache(redis, { meanwhile: ownCache }),
    fanout: openRedisFanout(redis, { log }),
    rankedView: openRedisRankedView(redis, { meanwhile: openMemoryRankedView }),
    close: redis.close,
  }
}

export function openFiles(config: Config): Promise<Files> {
  const url = config.filesUrl?.reveal()
  if (url === undefined) return openFolderFiles(resolve(config.dataDir, 'files'))
  const told = (cause: unknown): never => {
    throw cause instanceof Error ? new ConfigError(`ARENA_FILES_URL: ${cause.message}`) : cause
  }
  return byScheme('ARENA_FILES_URL', url, { file: () => openFolderFiles(fileURLToPath(url)), s3: () => openS3Files(url).catch(told) })
}
export async function openMailer(config: Config): Promise<Mailer> {
  const url = config.mailUrl?.reveal()
  const from = inWords('ARENA_MAIL_FROM', () => parseSender(config.mailFrom) && config.mailFrom)
  const inFolder = (folder: string) => openFolderMailer(folder, { from })
  if (url === undefined) return inFolder(resolve(config.dataDir, 'mail'))
  const bySmtp = async () => inWords('ARENA_MAIL_URL', () => openSmtpMailer(url, { from }))
  return byScheme('ARENA_MAIL_URL', url, { file: () => inFolder(fileURLToPath(url)), smtp: bySmtp, smtps: bySmtp })
}
/** What an adapter finds wrong with a setting, as the operator reads it. */
function inWords<T>(setting: string, open: () => T): T {
  try {
    return open()
  } catch (cause) {
    throw cause instanceof Error ? new ConfigError(`${setting}: ${cause.message}`) : cause
  }
}

/** Those that ARENA_PAYMENTS names, in its order. */
export function openPaymentProviders(config: Config, { books, seals }: { readonly books: SandboxBooks; readonly seals: Seals }): readonly PaymentProvider[] {
  const { offered, bankDetails, flutterwave, stripe } = config.payments
  const clock = systemClock
  const open: Readonly<Record<ProviderChoice, () => PaymentProvider>> = {
    sandbox: () => openSandboxPayments({ books, seals, clock, publicUrl: config.publicUrl }),
    manual: () => openManualPayments({ bankDetails }),
    flutterwave: () => {
      const { url, secretKey, webhookHash } = needed(flutterwave)
      return openFlutterwave({ url, secretKey: secretKey.reveal(), webhookHash: webhookHash.reveal(), payersDomain: payersDomain(config), clock })
    },
    stripe: () => {
      const { url, secretKey, webhookSecret } = needed(stripe)
      return openStripe({ url, secretKey: secretKey.reveal(), webhookSecret: webhookSecret.reveal(), clock })
    },
  }
  return offered.map((provider) => open[provider]())
}
/** The configuration refuses to offer a provider whose settings are missing. */
function needed<T>(settings: T | undefined): T {
  if (settings === undefined) throw new Error('a provider of payments is offered without its settings')
  return settings
}
/** Where payers without an address are `no-reply`: the arena's host, else that of its mail; on a machine without a name one that cannot exist (RFC 2606). */
function payersDomain({ publicUrl, mailFrom }: Config): string {
  const domains = [new URL(publicUrl).hostname, /@([A-Za-z0-9.-]+)>?\s*$/.exec(mailFrom)?.[1] ?? '']
  return domains.find((domain) => /\.[A-Za-z]{2,}$/.test(domain)) ?? 'arena.invalid'
}

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
