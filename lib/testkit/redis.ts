/**
 * A Redis of a test's own: `redis-server` on a free port of 127.0.0.1, nothing on disk, configuration by standard input. The kernel kills it with the
 * test process. Where there is none, `withoutRedis` says so, for `skip`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { createClient } from 'redis'
import { openRedisFanout } from '#adapters/fanout-redis'
import { openMemoryRankedView } from '#adapters/ranked-memory'
import { openRedisRankedView } from '#adapters/ranked-redis'
import { openRedis } from '#adapters/redis-connection'
import { seconds } from '#kernel/units'

export const withoutRedis: false | string = spawnSync('redis-server', ['--version']).status === 0 ? false : 'no redis-server on this machine'

export type TestRedis = {
  readonly url: string
  readonly host: string
  readonly port: number
  /** As hard as can be, with all it held. */
  kill(): Promise<void>
  /** On the same port, empty. */
  start(): Promise<void>
  /** Frozen: connections stay and nothing is answered. */
  pause(): void
  resume(): void
  /** A command of the operator's, such as `FLUSHALL`. */
  command(...words: string[]): Promise<unknown>
  stop(): Promise<void>
}

export async function startRedis({ password = '' }: { password?: string } = {}): Promise<TestRedis> {
  const host = '127.0.0.1'
  const port = await freePort(host)
  const url = `redis://${password === '' ? '' : `:${encodeURIComponent(password)}@`}${host}:${port}`
  const lines = [`bind ${host}`, `port ${port}`, 'save ""', 'appendonly no', 'dir /tmp', ...(password === '' ? [] : [`requirepass ${password}`])]
  let server: ChildProcess | undefined
  const start = async () => {
    server = await launch(lines)
  }
  const kill = async () => {
    const killed = server
    server = undefined
    if (killed === undefined || killed.exitCode !== null || killed.signalCode !== null) return
    killed.kill('SIGKILL')
    await once(killed, 'exit')
  }
  await start()
  return {
    url,
    host,
    port,
    kill,
    start,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    async command(...words) {
      const client = await createClient({ url }).connect()
      try {
        return await client.sendCommand(words)
      } finally {
        client.destroy()
      }
    },
    stop: kill,
  }
}

/** One process's ends, with the patience of a slow machine. */
export async function openEnds(server: TestRedis) {
  const redis = await openRedis(server.url, { patience: seconds(20) })
  return { fanout: openRedisFanout(redis), rankedView: openRedisRankedView(redis, { meanwhile: openMemoryRankedView }), close: redis.close }
}

async function launch(lines: readonly string[]): Promise<ChildProcess> {
  const server = spawn('setpriv', ['--pdeathsig', 'KILL', 'redis-server', '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  server.stdin?.end(`${lines.join('\n')}\n`)
  const said: string[] = []
  const ready = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`redis-server did not start:\n${said.join('\n')}`)))
    createInterface({ input: server.stdout as NonNullable<typeof server.stdout> }).on('line', (line) => {
      if (said.length < 100) said.push(line)
      if (line.includes('Ready to accept connections')) resolve()
    })
  })
  await ready
  return server
}

async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
