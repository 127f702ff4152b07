import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { evaluationQueues } from '#contracts/evaluation'
import { ownDbUrl } from '../adapters.ts'
import { serviceKeyOf } from '../secrets.ts'
import { complain, say } from '../terminal.ts'

/**
 * `node make-secrets.ts FOLDER`, before anything else of docker-compose.yml starts: the passwords of this deployment, made once at random, and a folder (a
 * volume) for each container with what that one must know, so that nobody chooses a password and nobody holds another's. What is random lies in
 * FOLDER/setup, which no other container mounts; all else is derived from it and written again at each start, so that a start that was killed half-way
 * is mended by the next one.
 */
type Random = { readonly database: string; readonly broker: string; readonly judge: string; readonly cache: string; readonly services: string }
/** Path below FOLDER → content. */
type Secrets = Readonly<Record<string, string>>

const services = ['user', 'contest', 'submission', 'leaderboard', 'notifications', 'billing', 'gateway'] as const
const withoutDatabase: readonly string[] = ['gateway']

/** Of the containers' user: a file is readable by its reader alone, whoever that is. */
const nodeUid = 1000
/** Servers whose images give their user other numbers. Nobody else mounts these folders. */
const readByAnyUid = /^(broker|cache)\//

export function secretsOf(random: Random): Secrets {
  const owner = `postgres://arena:${random.database}@postgres:5432/arena`
  const broker = `amqp://arena:${random.broker}@rabbitmq:5672`
  const cache = `redis://:${random.cache}@redis:6379`
  const ofService = (name: string): Secrets => ({
    [`${name}/broker-url`]: broker,
    [`${name}/cache-url`]: cache,
    [`${name}/service-secret`]: random.services,
    ...(withoutDatabase.includes(name) ? {} : { [`${name}/database-url`]: ownDbUrl(owner, name) }),
  })
  return {
    'database/password': random.database,
    'migrate/database-url': owner,
    'broker/rabbitmq.conf': `listeners.tcp.default = 5672\nload_definitions = /run/secrets/broker/definitions.json\n`,
    'broker/definitions.json': brokerDefinitions({ arena: random.broker, judge: random.judge }),
    // what it holds is rebuilt from the database, so nothing is written to a disk
    'cache/redis.conf': `requirepass ${random.cache}\nsave ""\nappendonly no\ndir /data\n`,
    'evaluation/broker-url': `amqp://judge:${random.judge}@rabbitmq:5672?believe=arena`,
    'evaluation/service-key': serviceKeyOf(random.services, 'evaluation'),
    ...Object.assign({}, ...services.map(ofService)),
  }
}

/**
 * Two users: the services, and the judge. The judge may reach the queues of evaluation, what the bus needs for itself (`arena.…`, queues of its own
 * connections) and the exchanges; of the events it may hear work and tell results (topics). A worker that was taken over reads no other service's queue,
 * and what it puts into one by the default exchange is refused there, since the broker says whose it is (`lib/adapters/bus-rabbitmq/trust.ts`). What
 * it can do is disturb: delay queues, the list of queues and signals are for all.
 */
function brokerDefinitions({ arena, judge }: { readonly arena: string; readonly judge: string }): string {
  const work = evaluationQueues.flatMap(({ topics }) => topics).map((topic) => topic.replaceAll('.', '\\.'))
  const judges = '^(arena\\..*|evaluation\\..*|amq\\.gen.*|amq\\.default)$'
  return JSON.stringify(
    {
      users: [
        { name: 'arena', password_hash: passwordHash(arena), hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] },
        { name: 'judge', password_hash: passwordHash(judge), hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] },
      ],
      vhosts: [{ name: '/' }],
      permissions: [
        { user: 'arena', vhost: '/', configure: '.*', write: '.*', read: '.*' },
        { user: 'judge', vhost: '/', configure: judges, write: judges, read: judges },
      ],
      topic_permissions: [{ user: 'judge', vhost: '/', exchange: 'arena.events', write: '^evaluation\\..*', read: `^(${work.join('|')})$` }],
    },
    null,
    2,
  )
}

/** As RabbitMQ keeps it: salt, then SHA-256 of salt and password. The salt is made from the password, so that each start writes the same file. */
function passwordHash(password: string): string {
  const salt = createHash('sha256').update(`salt ${password}`).digest().subarray(0, 4)
  return Buffer.concat([salt, createHash('sha256').update(salt).update(password).digest()]).toString('base64')
}

/** Letters and digits: it goes into addresses and configuration files as it is. */
const newPassword = () => randomBytes(32).toString('hex')
const newRandom = (): Random => ({
  database: newPassword(),
  broker: newPassword(),
  judge: newPassword(),
  cache: newPassword(),
  services: newPassword(),
})

async function main([folder]: readonly string[]): Promise<void> {
  if (!folder) throw new Error('Where to? make-secrets.ts FOLDER')
  const file = join(folder, 'setup', 'random.json')
  const kept = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined // the first start
    throw cause
  })
  const random: Random = kept === undefined ? newRandom() : JSON.parse(kept)
  if (kept === undefined) await replace(file, JSON.stringify(random), { uid: 0, mode: 0o400 })
  for (const [name, content] of Object.entries(secretsOf(random))) {
    const isOfServer = readByAnyUid.test(name)
    const isOfRoot = name.startsWith('database/')
    await replace(join(folder, name), content, { uid: isOfServer || isOfRoot ? 0 : nodeUid, mode: isOfServer ? 0o444 : 0o400 })
  }
  say(kept === undefined ? 'The passwords of this deployment were made.' : 'The passwords of this deployment are there.')
}

/** Whole or not at all, and on disk when it resolves. Mode before owner: this root may give files away, and do nothing to what it gave away. */
async function replace(file: string, content: string, { uid, mode }: { readonly uid: number; readonly mode: number }): Promise<void> {
  const next = `${file}.new`
  await mkdir(dirname(file), { recursive: true, mode: 0o755 })
  await rm(next, { force: true }) // of a start that was killed
  const handle = await open(next, 'wx', mode)
  try {
    await handle.writeFile(content)
    await handle.chmod(mode)
    await handle.chown(uid, uid)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
}

if (import.meta.main)
  await main(process.argv.slice(2)).catch((cause: unknown) => {
    complain(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
    process.exit(1)
  })
