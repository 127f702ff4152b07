/**
 * A RabbitMQ of the tests' own: free ports, its own node name, cookie, data and port mapper, in a temporary folder. It ends with the process that
 * started it however that dies (the kernel kills it, a guard removes the folder), and no other server on the machine is touched.
 * One start takes about five seconds: share it in a file.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

const serverScript = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const startWithinMs = 90_000

/** Why there can be no server here; false where there can. */
export const noTestRabbit: string | false = existsSync(serverScript) ? false : 'rabbitmq-server is not installed'

export type TestRabbit = {
  readonly host: string
  readonly port: number
  /** With user and password. */
  readonly url: string
  /** The same by another way, such as a proxy in front of it. */
  urlAt(port: number): string
  /**
   * Resolves when it has written down that there is such a quorum queue. Until then, about half a second after the declaration, a kill makes it come
   * back empty, confirmed messages or not: RabbitMQ keeps the names of its logs in a file that it saves with a delay.
   */
  hasOnDisk(queue: string): Promise<void>
  /** Ends it as a power cut would. Resolves once it is gone. */
  kill(): Promise<void>
  /** Starts it again on what it had stored. */
  restart(): Promise<void>
  /** Starts it again with nothing: no queue, no message. */
  wipe(): Promise<void>
  /** Freezes it: connections stay, and nothing answers. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/**
 * @param definitions users and their permissions, as RabbitMQ imports them, instead of the one user who may do everything (then `url` lets nobody in).
 * @throws when it does not answer in time, with the end of what it said.
 */
export async function startTestRabbit({ definitions }: { readonly definitions?: string } = {}): Promise<TestRabbit> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-rabbit-'))
  const guard = spawn('sh', ['-c', 'cat >/dev/null; sleep 0.3; rm -rf "$1"', 'guard', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  const [port, distributionPort, mapperPort] = await freePorts(3)
  const password = randomBytes(12).toString('hex')
  const environment = await writeConfiguration(folder, { port, distributionPort, mapperPort, password })
  if (definitions !== undefined) {
    await writeFile(join(folder, 'definitions.json'), definitions, { mode: 0o600 })
    await appendFile(join(folder, 'rabbitmq.conf'), `\nload_definitions = ${join(folder, 'definitions.json')}`)
  }
  const mapper = tiedToUs('epmd', ['-address', '127.0.0.1', '-port', String(mapperPort)], environment, 'ignore')
  let server = await launch(folder, environment, port)
  const kill = async () => {
    const ended = gone(server)
    server.kill('SIGKILL')
    await ended
  }
  const restart = async () => {
    server = await launch(folder, environment, port)
  }
  return {
    host: '127.0.0.1',
    port,
    url: urlAt(port, password),
    urlAt: (at) => urlAt(at, password),
    hasOnDisk: (queue) =>
      eventually(async () => {
        const [names = ''] = globSync(join(folder, 'data', '*', 'quorum', '*', 'names.dets'))
        const content = await readFile(names)
        if (!content.includes(queue) || !isSaved(content)) throw new Error(`${queue} is not written down`)
      }, 90_000),
    kill,
    restart,
    wipe: async () => {
      await kill()
      await rm(join(folder, 'data'), { recursive: true, force: true })
      await restart()
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    stop: async () => {
      await kill()
      mapper.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      guard.stdin?.end()
    },
  }
}

/** The third word of Erlang's table files: 0 while there is something that was not saved. */
const isSaved = (content: Buffer) => content.readUInt32BE(8) !== 0

const urlAt = (port: number, password: string) => `amqp://arena:${password}@127.0.0.1:${port}`

type Places = { readonly port: number; readonly distributionPort: number; readonly mapperPort: number; readonly password: string }

/** @returns the environment that makes a server of this folder. */
async function writeConfiguration(folder: string, places: Places): Promise<NodeJS.ProcessEnv> {
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${places.port}`,
    'default_user = arena',
    `default_pass = ${places.password}`,
    // a test machine that is nearly full must not stop publishers
    'disk_free_limit.absolute = 1MB',
    'raft.wal_max_size_bytes = 16777216',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
  ]
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'rabbitmq.conf'), settings.join('\n'), { mode: 0o600 })
  await writeFile(join(folder, 'plugins'), '[].')
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: folder,
    ERL_EPMD_PORT: String(places.mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `arena-test-${places.port}@localhost`,
    RABBITMQ_NODE_PORT: String(places.port),
    RABBITMQ_DIST_PORT: String(places.distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'none.config'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
    // the script then becomes the server instead of looking after it, so that the process we start is the one to kill
    RUNNING_UNDER_SYSTEMD: 'true',
  }
}

async function launch(folder: string, environment: NodeJS.ProcessEnv, port: number): Promise<ChildProcess> {
  const log = join(folder, 'output')
  const server = tiedToUs('sh', ['-c', 'exec "$0" >>"$1" 2>&1', serverScript, log], environment, 'ignore')
  try {
    await eventually(async () => {
      if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`)
      await greet(port)
    }, startWithinMs)
  } catch (cause) {
    server.kill('SIGKILL')
    const said = await readFile(log, 'utf8').catch(() => '')
    throw new Error(`rabbitmq-server does not answer; it said: ${said.slice(-2_000)}`, { cause })
  }
  return server
}

/** A child that the kernel kills when this process dies. */
function tiedToUs(command: string, args: readonly string[], env: NodeJS.ProcessEnv, stdio: 'ignore'): ChildProcess {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], { env, stdio })
  child.unref()
  return child
}

const gone = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.ref()
    child.once('exit', () => resolve())
  })

/** It speaks AMQP when it answers the protocol's greeting. */
const greet = (port: number) =>
  new Promise<void>((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write('AMQP\0\0\x09\x01'))
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')))
    socket.once('data', () => {
      resolve()
      socket.destroy()
    })
    socket.once('error', reject).once('close', () => reject(new Error('closed')))
  })

/** All held at once, so that they differ. */
async function freePorts(count: number): Promise<[number, number, number]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject).listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports as [number, number, number]
}
