import { isIP } from 'node:net'
import { serviceNames } from '#contracts/all'
import { ConfigError, type Environment, openSettings, Secret, settingsHelp, type Variable } from './settings.ts'

export { ConfigError, type Environment, Secret } from './settings.ts'

/**
 * The environment, parsed once, frozen and handed down. Defaults < environment < flags. An unknown `ARENA_*` stops the start and names the nearest.
 * This is the only file that reads `process.env`.
 */
const variables = {
  ARENA_HOST: ['127.0.0.1', 'address to listen on (`--lan`: 0.0.0.0)'],
  ARENA_PORT: ['8080', 'port of the web and the API'],
  ARENA_DATA_DIR: ['data', 'folder for database, files, mail and keys'],
  ARENA_MODE: ['development', 'development or production'],
  ARENA_SERVICES: ['all', `all, or a list of ${serviceNames.join(' ')}; a list needs ARENA_DB_URL`],
  ARENA_DB_URL: ['', 'postgres://… ; empty: the arena starts its own PostgreSQL', 'secret'],
  ARENA_BUS_URL: ['', 'postgres://… , or amqp://… or amqps://… (RabbitMQ 3.10 or newer); empty: the same database', 'secret'],
  ARENA_CACHE_URL: ['memory:', 'memory: or redis://[user:password@]host[:port][/db], rediss: with TLS; what replicas share', 'secret'],
  ARENA_FILES_URL: ['', 'file:///folder or s3://KEY:SECRET@host/bucket (docs/operate.md) ; empty: a folder below ARENA_DATA_DIR', 'secret'],
  ARENA_SANDBOX: ['auto', 'auto, docker or native'],
  ARENA_DOCKER_HOST: ['unix:///var/run/docker.sock', 'where the container engine answers: unix:///path or tcp://host:port (a socket proxy)'],
  ARENA_DOCKER_RUNTIME: ['', "runtime of the judge's containers, such as runsc (gVisor); empty: the engine's own default"],
  ARENA_MAIL_URL: ['', 'smtp://[user:password@]host[:port], smtps://… or file:///folder (docs/operate.md) ; empty: a folder below ARENA_DATA_DIR', 'secret'],
  ARENA_MAIL_FROM: ['Competa Arena <arena@localhost>', 'who mail comes from: "Name <address>"'],
  ARENA_PUBLIC_URL: [
    '',
    'what users type to reach the arena, such as https://arena.example.rw: for links in mail and the way back from payment; empty: the address of this machine and ARENA_PORT',
  ],
  ARENA_PAYMENTS: [
    '',
    'providers offered, of sandbox, manual, flutterwave, stripe; empty: sandbox in development, manual in production. The first is the standard',
  ],
  ARENA_BANK_DETAILS: ['', 'where a bank transfer goes, shown to payers (manual); lines are parted by |'],
  ARENA_FLUTTERWAVE_SECRET_KEY: ['', "Flutterwave's secret key", 'secret'],
  ARENA_FLUTTERWAVE_WEBHOOK_HASH: ['', "the secret hash set in Flutterwave's dashboard for webhooks", 'secret'],
  ARENA_FLUTTERWAVE_URL: ['https://api.flutterwave.com/v3', "where Flutterwave's API answers"],
  ARENA_STRIPE_SECRET_KEY: ['', "Stripe's secret (or restricted) key", 'secret'],
  ARENA_STRIPE_WEBHOOK_SECRET: ['', 'the signing secret of the webhook endpoint (whsec_…)', 'secret'],
  ARENA_STRIPE_URL: ['https://api.stripe.com', "where Stripe's API answers"],
  ARENA_PEER_USER_URL: ['', 'where the user service answers, when it is not in this process'],
  ARENA_PEER_CONTEST_URL: ['', 'likewise; http://host:port or unix:/path'],
  ARENA_PEER_SUBMISSION_URL: ['', 'likewise'],
  ARENA_PEER_EVALUATION_URL: ['', 'likewise'],
  ARENA_PEER_LEADERBOARD_URL: ['', 'likewise'],
  ARENA_PEER_NOTIFICATIONS_URL: ['', 'likewise'],
  ARENA_PEER_BILLING_URL: ['', 'likewise'],
  ARENA_TRUSTED_PROXIES: ['', "addresses or CIDR blocks of proxies in front, whose X-Forwarded-For, -Proto and -Host are believed; empty: nobody's"],
  ARENA_SERVICE_SECRET_FILE: ['', 'file with the secret that services know each other by; empty: kept in ARENA_DATA_DIR'],
  ARENA_SERVICE_KEY: ['', 'what an evaluation worker proves itself with, instead of the secret (set by the supervisor)', 'secret'],
  ARENA_JUDGE_SLOTS: ['', 'programs judged at once; empty: one a core'],
  ARENA_ADMIN_EMAIL: ['', 'login of the first admin (default: username admin)'],
  ARENA_ADMIN_PASSWORD: ['', "the first admin's password; empty: random, shown once or kept in a file that only you can read", 'secret'],
  ARENA_DEMO: ['on', 'on or off: load the demonstration into an empty arena (off in production)'],
  ARENA_DRAIN_SECONDS: ['0', 'how long to go on serving after SIGTERM with readiness already false, so that whoever balances the load looks elsewhere first'],
  ARENA_METRICS_PORT: ['', 'port where Prometheus finds metrics; 0: any free one; empty: none. The worker of the whole arena takes the next one'],
  ARENA_METRICS_HOST: ['127.0.0.1', 'address of that port; whoever reaches it can read all metrics'],
  ARENA_OTLP_URL: ['', 'where a collector takes traces by OTLP over HTTP, such as http://collector:4318; empty: nothing is traced'],
  ARENA_TRACE_SHARE: ['0.1', 'share of requests that are traced, 0 to 1'],
  ARENA_LOG: ['info', 'debug, info, warn, error or silent'],
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables
export const variableNames = Object.keys(variables) as VariableName[]

export type Config = {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly mode: 'development' | 'production'
  readonly services: readonly string[]
  readonly isWhole: boolean
  readonly dbUrl: Secret | undefined
  readonly busUrl: Secret | undefined
  readonly cacheUrl: Secret
  readonly filesUrl: Secret | undefined
  readonly mailUrl: Secret | undefined
  readonly mailFrom: string
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Else it is a guess, made better once port and network are known. */
  readonly isPublicUrlGiven: boolean
  readonly payments: PaymentsConfig
  readonly sandbox: 'auto' | 'docker' | 'native'
  readonly dockerHost: string
  readonly dockerRuntime: string | undefined
  readonly peerUrls: Readonly<Record<string, string>>
  /** Addresses and CIDR blocks of the proxies in front, whose word on a client is believed. */
  readonly trustedProxies: readonly string[]
  readonly serviceSecretFile: string | undefined
  readonly serviceKey: Secret | undefined
  readonly judgeSlots: number | undefined
  readonly adminEmail: string | undefined
  readonly adminPassword: Secret | undefined
  readonly demo: boolean
  readonly drainMs: number
  /** Undefined: no metrics. */
  readonly metricsPort: number | undefined
  readonly metricsHost: string
  /** Undefined: no traces. */
  readonly otlpUrl: string | undefined
  readonly traceShare: number
  readonly log: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}
export type ProviderChoice = 'sandbox' | 'manual' | 'flutterwave' | 'stripe'
export type PaymentsConfig = {
  /** At least one; the first is the standard. Those named have all the settings they need. */
  readonly offered: readonly ProviderChoice[]
  readonly bankDetails: readonly string[]
  readonly flutterwave: { readonly url: string; readonly secretKey: Secret; readonly webhookHash: Secret } | undefined
  readonly stripe: { readonly url: string; readonly secretKey: Secret; readonly webhookSecret: Secret } | undefined
}
export const processEnvironment = (): Environment => process.env

/** @throws ConfigError with one line that says which key is wrong and what would be right. */
export function parseConfig(environment: Environment, flags: Partial<Record<VariableName, string>> = {}): Config {
  const read = openSettings<VariableName>(variables, environment, flags)
  const orNothing = (key: VariableName) => read(key) || undefined
  const oneOf = <const T extends string>(key: VariableName, allowed: readonly T[]): T => {
    const value = read(key)
    if (!(allowed as readonly string[]).includes(value)) throw new ConfigError(`${key} is "${value}"; it takes ${allowed.join(', ')}`)
    return value as T
  }
  const integer = (key: VariableName, from: number, to: number) => {
    const value = Number(read(key))
    if (!Number.isInteger(value) || value < from || value > to) throw new ConfigError(`${key} is "${read(key)}"; it takes a whole number from ${from} to ${to}`)
    return value
  }
  const mode = oneOf('ARENA_MODE', ['development', 'production'])
  const isDemoAsked = Boolean(flags.ARENA_DEMO || environment.ARENA_DEMO)
  const demo = oneOf('ARENA_DEMO', ['on', 'off']) === 'on'
  if (mode === 'production' && demo && isDemoAsked)
    throw new ConfigError('ARENA_DEMO=on is refused in production: the demonstration makes accounts that everybody knows of')
  const services = servicesOf(read('ARENA_SERVICES'))
  const isWhole = read('ARENA_SERVICES') === 'all'
  const needsDb = services.some((name) => name !== 'evaluation' && name !== 'gateway')
  if (!isWhole && !read('ARENA_DB_URL') && (needsDb || !read('ARENA_BUS_URL')))
    throw new ConfigError('ARENA_SERVICES names single services: they need ARENA_DB_URL (and ARENA_BUS_URL where the queue lives elsewhere)')
  const dataDir = read('ARENA_DATA_DIR')
  const secret = (key: VariableName) => (read(key) ? new Secret(read(key)) : undefined)
  return Object.freeze({
    host: read('ARENA_HOST'),
    port: integer('ARENA_PORT', 0, 65_535),
    dataDir,
    mode,
    services,
    isWhole,
    dbUrl: secret('ARENA_DB_URL'),
    busUrl: secret('ARENA_BUS_URL'),
    cacheUrl: new Secret(read('ARENA_CACHE_URL')),
    filesUrl: secret('ARENA_FILES_URL'),
    mailUrl: secret('ARENA_MAIL_URL'),
    mailFrom: read('ARENA_MAIL_FROM'),
    publicUrl: publicUrlOf(read) ?? standardPublicUrl(read('ARENA_HOST'), integer('ARENA_PORT', 0, 65_535), undefined),
    isPublicUrlGiven: read('ARENA_PUBLIC_URL') !== '',
    payments: paymentsOf(read, mode),
    sandbox: oneOf('ARENA_SANDBOX', ['auto', 'docker', 'native']),
    dockerHost: read('ARENA_DOCKER_HOST'),
    dockerRuntime: orNothing('ARENA_DOCKER_RUNTIME'),
    peerUrls: peersOf(read),
    trustedProxies: proxiesOf(read('ARENA_TRUSTED_PROXIES')),
    serviceSecretFile: orNothing('ARENA_SERVICE_SECRET_FILE'),
    serviceKey: secret('ARENA_SERVICE_KEY'),
    judgeSlots: read('ARENA_JUDGE_SLOTS') ? integer('ARENA_JUDGE_SLOTS', 1, 256) : undefined,
    adminEmail: orNothing('ARENA_ADMIN_EMAIL'),
    adminPassword: secret('ARENA_ADMIN_PASSWORD'),
    demo: demo && mode !== 'production',
    drainMs: integer('ARENA_DRAIN_SECONDS', 0, 60) * 1_000,
    metricsPort: read('ARENA_METRICS_PORT') ? integer('ARENA_METRICS_PORT', 0, 65_534) : undefined,
    metricsHost: read('ARENA_METRICS_HOST'),
    otlpUrl: collectorOf(read('ARENA_OTLP_URL')),
    traceShare: shareOf(read('ARENA_TRACE_SHARE')),
    log: oneOf('ARENA_LOG', ['debug', 'info', 'warn', 'error', 'silent']),
  })
}

function servicesOf(text: string): readonly string[] {
  if (text === 'all') return serviceNames
  const names = text.split(/[\s,]+/).filter(Boolean)
  const unknown = names.find((name) => !(serviceNames as readonly string[]).includes(name))
  if (names.length === 0 || unknown !== undefined) throw new ConfigError(`ARENA_SERVICES names "${unknown ?? ''}"; there are ${serviceNames.join(', ')}`)
  return names
}

function peersOf(read: (name: VariableName) => string): Readonly<Record<string, string>> {
  const urls = variableNames.flatMap((key) => {
    const service = /^ARENA_PEER_(\w+)_URL$/.exec(key)?.[1]?.toLowerCase()
    return service && read(key) ? [[service, read(key)] as const] : []
  })
  return Object.freeze(Object.fromEntries(urls))
}

function proxiesOf(text: string): readonly string[] {
  const blocks = text.split(/[\s,]+/).filter(Boolean)
  const wrong = blocks.find((block) => {
    const [address = '', bits, ...more] = block.split('/')
    const widest = isIP(address) === 6 ? 128 : 32
    return isIP(address) === 0 || more.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= widest))
  })
  if (wrong !== undefined)
    throw new ConfigError(`ARENA_TRUSTED_PROXIES names "${wrong}"; it takes addresses and blocks such as 10.0.0.0/8, with commas between`)
  return blocks
}

function publicUrlOf(read: (name: VariableName) => string): string | undefined {
  const text = read('ARENA_PUBLIC_URL')
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '' && url.pathname === '/'
  if (!isPlain) throw new ConfigError('ARENA_PUBLIC_URL takes the address of the arena without a path, such as https://arena.example.rw')
  return url.origin
}

/** What users type where the operator does not say: the address that the arena listens on, or, where it listens on all, the one of its network. */
export function standardPublicUrl(host: string, port: number, network: string | undefined): string {
  const isAll = host === '0.0.0.0' || host === '::'
  const isOwn = host === '127.0.0.1' || host === '::1'
  const name = isAll ? (network ?? 'localhost') : isOwn ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

const providerChoices = ['sandbox', 'manual', 'flutterwave', 'stripe'] as const
function paymentsOf(read: (name: VariableName) => string, mode: Config['mode']): PaymentsConfig {
  const asked = read('ARENA_PAYMENTS')
    .split(/[\s,]+/)
    .filter(Boolean)
  const unknown = asked.find((name) => !(providerChoices as readonly string[]).includes(name))
  if (unknown !== undefined) throw new ConfigError(`ARENA_PAYMENTS names "${unknown}"; it takes ${providerChoices.join(', ')}`)
  if (mode === 'production' && asked.includes('sandbox')) throw new ConfigError('ARENA_PAYMENTS=sandbox is refused in production: it is play money')
  const standard: ProviderChoice = mode === 'production' ? 'manual' : 'sandbox'
  const offered = asked.length > 0 ? [...new Set(asked as ProviderChoice[])] : [standard]
  const needed = (provider: ProviderChoice, key: VariableName): Secret => {
    if (!read(key)) throw new ConfigError(`ARENA_PAYMENTS names ${provider}, which needs ${key}`)
    return new Secret(read(key))
  }
  const addressOf = (key: VariableName) => {
    const text = read(key).replace(/\/+$/, '')
    if (!URL.canParse(text) || !/^https?:\/\//.test(text)) throw new ConfigError(`${key} takes an address such as https://api.example.com`)
    return text
  }
  return Object.freeze({
    offered,
    bankDetails: read('ARENA_BANK_DETAILS')
      .split('|')
      .map((line) => line.trim())
      .filter(Boolean),
    flutterwave: offered.includes('flutterwave')
      ? {
          url: addressOf('ARENA_FLUTTERWAVE_URL'),
          secretKey: needed('flutterwave', 'ARENA_FLUTTERWAVE_SECRET_KEY'),
          webhookHash: needed('flutterwave', 'ARENA_FLUTTERWAVE_WEBHOOK_HASH'),
        }
      : undefined,
    stripe: offered.includes('stripe')
      ? {
          url: addressOf('ARENA_STRIPE_URL'),
          secretKey: needed('stripe', 'ARENA_STRIPE_SECRET_KEY'),
          webhookSecret: needed('stripe', 'ARENA_STRIPE_WEBHOOK_SECRET'),
        }
      : undefined,
  })
}

function collectorOf(text: string): string | undefined {
  if (text === '') return undefined
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol !== 'http:' && protocol !== 'https:') throw new ConfigError('ARENA_OTLP_URL takes an address such as http://collector:4318')
  return text
}

function shareOf(text: string): number {
  const share = Number(text)
  if (!(share >= 0 && share <= 1)) throw new ConfigError(`ARENA_TRACE_SHARE is "${text}"; it takes a number from 0 to 1`)
  return share
}

/** The table of `--help`. */
export const environmentHelp = () => settingsHelp(variables)
