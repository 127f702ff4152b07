import { serviceNames } from '#contracts/all'

/**
 * The environment, parsed once, frozen and handed down. Defaults < environment < flags. An unknown `ARENA_*` stops the start and names the nearest.
 * This is the only file that reads `process.env`.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Prints as `[secret]` wherever it is logged or shown. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal() {
    return this.#value
  }
  toString() {
    return '[secret]'
  }
  toJSON() {
    return '[secret]'
  }
}

const variables = {
  ARENA_HOST: ['127.0.0.1', 'address to listen on (`--lan`: 0.0.0.0)'],
  ARENA_PORT: ['8080', 'port of the web and the API'],
  ARENA_DATA_DIR: ['data', 'folder for database, files, mail and keys'],
  ARENA_MODE: ['development', 'development or production'],
  ARENA_SERVICES: ['all', `all, or a list of ${serviceNames.join(' ')}; a list needs ARENA_DB_URL`],
  ARENA_DB_URL: ['', 'postgres://… ; empty: the arena starts its own PostgreSQL'],
  ARENA_BUS_URL: ['', 'postgres://… ; empty: the same database'],
  ARENA_CACHE_URL: ['memory:', 'memory:'],
  ARENA_FILES_URL: ['', 'file:///folder ; empty: a folder below ARENA_DATA_DIR'],
  ARENA_SANDBOX: ['auto', 'auto, docker or native'],
  ARENA_DOCKER_HOST: ['unix:///var/run/docker.sock', 'where the container engine answers: unix:///path or tcp://host:port (a socket proxy)'],
  ARENA_DOCKER_RUNTIME: ['', "runtime of the judge's containers, such as runsc (gVisor); empty: the engine's own default"],
  ARENA_MAIL_URL: ['', 'file:///folder ; empty: a folder below ARENA_DATA_DIR'],
  ARENA_PEER_USER_URL: ['', 'where the user service answers, when it is not in this process'],
  ARENA_PEER_CONTEST_URL: ['', 'likewise; http://host:port or unix:/path'],
  ARENA_PEER_SUBMISSION_URL: ['', 'likewise'],
  ARENA_PEER_EVALUATION_URL: ['', 'likewise'],
  ARENA_PEER_LEADERBOARD_URL: ['', 'likewise'],
  ARENA_PEER_NOTIFICATIONS_URL: ['', 'likewise'],
  ARENA_SERVICE_SECRET_FILE: ['', 'file with the secret that services know each other by; empty: kept in ARENA_DATA_DIR'],
  ARENA_SERVICE_KEY: ['', 'what an evaluation worker proves itself with, instead of the secret (set by the supervisor)'],
  ARENA_JUDGE_SLOTS: ['', 'programs judged at once; empty: one a core'],
  ARENA_ADMIN_EMAIL: ['', 'login of the first admin (default: username admin)'],
  ARENA_ADMIN_PASSWORD: ['', "the first admin's password; empty: random, shown once or kept in a file that only you can read"],
  ARENA_DEMO: ['on', 'on or off: load the demonstration into an empty arena (off in production)'],
  ARENA_LOG: ['info', 'debug, info, warn, error or silent'],
} as const satisfies Record<string, readonly [standard: string, help: string]>

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
  readonly cacheUrl: string
  readonly filesUrl: string
  readonly mailUrl: string
  readonly sandbox: 'auto' | 'docker' | 'native'
  readonly dockerHost: string
  readonly dockerRuntime: string | undefined
  readonly peerUrls: Readonly<Record<string, string>>
  readonly serviceSecretFile: string | undefined
  readonly serviceKey: Secret | undefined
  readonly judgeSlots: number | undefined
  readonly adminEmail: string | undefined
  readonly adminPassword: Secret | undefined
  readonly demo: boolean
  readonly log: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}
export type Environment = Readonly<Record<string, string | undefined>>
export const processEnvironment = (): Environment => process.env

/** @throws ConfigError with one line that says which key is wrong and what would be right. */
export function parseConfig(environment: Environment, flags: Partial<Record<VariableName, string>> = {}): Config {
  for (const key of Object.keys(environment)) {
    if (key.startsWith('ARENA_') && !key.startsWith('ARENA_TEST_') && !(key in variables))
      throw new ConfigError(`${key} is not a setting of the arena; did you mean ${nearest(key)}?`)
  }
  // set to nothing is not set: an empty ARENA_HOST would listen on every address
  const read = (key: VariableName): string => flags[key] || environment[key] || variables[key][0]
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
    cacheUrl: read('ARENA_CACHE_URL'),
    filesUrl: read('ARENA_FILES_URL'),
    mailUrl: read('ARENA_MAIL_URL'),
    sandbox: oneOf('ARENA_SANDBOX', ['auto', 'docker', 'native']),
    dockerHost: read('ARENA_DOCKER_HOST'),
    dockerRuntime: orNothing('ARENA_DOCKER_RUNTIME'),
    peerUrls: Object.freeze(
      Object.fromEntries(
        variableNames.flatMap((key) => {
          const service = /^ARENA_PEER_(\w+)_URL$/.exec(key)?.[1]?.toLowerCase()
          return service && read(key) ? [[service, read(key)]] : []
        }),
      ),
    ),
    serviceSecretFile: orNothing('ARENA_SERVICE_SECRET_FILE'),
    serviceKey: secret('ARENA_SERVICE_KEY'),
    judgeSlots: read('ARENA_JUDGE_SLOTS') ? integer('ARENA_JUDGE_SLOTS', 1, 256) : undefined,
    adminEmail: orNothing('ARENA_ADMIN_EMAIL'),
    adminPassword: secret('ARENA_ADMIN_PASSWORD'),
    demo: demo && mode !== 'production',
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

function nearest(key: string): string {
  return [...variableNames].sort((a, b) => distance(key, a) - distance(key, b))[0] as string
}
/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}

/** The table of `--help`. */
export const environmentHelp = () =>
  variableNames.map((key) => `  ${key.padEnd(30)} ${variables[key][1]}${variables[key][0] ? ` (default ${variables[key][0]})` : ''}`).join('\n')
