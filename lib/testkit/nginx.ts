/**
 * An nginx of a test's own with the configuration of `deploy/nginx` as it is, but for three places: the port, the folder it writes in, and the folder of
 * the web. Ended with the test process, however that ends. Where there is none, `withoutNginx` says so, for `skip`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceName } from '#contracts/all'
import { eventually } from './eventually.ts'

const source = join(import.meta.dirname, '..', '..', 'deploy', 'nginx')
export const withoutNginx: false | string = spawnSync('nginx', ['-v']).status === 0 ? false : 'no nginx on this machine'

export type TestNginx = {
  readonly port: number
  readonly url: string
  /** The access log so far: one object a request. */
  log(): readonly Readonly<Record<string, unknown>>[]
  /** The master's; its workers are its children. */
  readonly pid: number
  /** Again on the same port, after it was killed. */
  start(): Promise<void>
  stop(): Promise<void>
}
export type TestNginxOptions = {
  /** `host:port` of each replica; a service without one is down. */
  readonly upstreams: Readonly<Partial<Record<ServiceName, readonly string[]>>>
  /** The built web (Vite's `dist`); default: a page of one line. */
  readonly web?: string
  /** As in ARENA_TRUSTED_PROXIES. */
  readonly trustedProxies?: string
  /** A certificate and its key, PEM: the port then speaks TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string }
}

const services = ['user', 'contest', 'submission', 'leaderboard', 'notifications', 'billing', 'gateway'] as const

export async function startNginx({ upstreams, web, trustedProxies = '', tls }: TestNginxOptions): Promise<TestNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'arena-nginx-'))
  const run = join(folder, 'run')
  const [port, plainPort] = [await freePort(), await freePort()]
  cpSync(source, folder, { recursive: true })
  mkdirSync(run)
  mkdirSync(join(folder, 'tls'))
  execFileSync(process.execPath, [join(source, 'compress-web.mjs'), web ?? onePage(folder), join(folder, 'web')])
  writeFileSync(join(run, 'upstreams.conf'), services.map((name) => upstreamOf(name, upstreams[name] ?? [])).join(''))
  writeFileSync(join(run, 'proxies.conf'), proxiesOf(trustedProxies))
  const log = join(run, 'access.log')
  for (const name of ['nginx.conf', 'site.conf', 'maps.conf'])
    rewrite(join(folder, name), [
      ['/tmp/front', run],
      ['/srv/web', join(folder, 'web')],
      ['/dev/stdout line buffer=32k flush=1s', `${log} line`],
      ['listen 8080', `listen 127.0.0.1:${tls ? plainPort : port}`],
      ['worker_processes auto', 'worker_processes 1'],
      ['worker_rlimit_nofile 65536;', ''],
      ['error_log stderr warn', 'error_log stderr crit'], // what tests provoke is not news
    ])
  if (tls) {
    writeFileSync(join(folder, 'tls', 'fullchain.pem'), tls.certificate)
    writeFileSync(join(folder, 'tls', 'privkey.pem'), tls.key)
    const example = join(folder, 'tls.conf.example')
    rewrite(example, [
      ['/etc/nginx/tls', join(folder, 'tls')],
      ['listen 8443', `listen 127.0.0.1:${port}`],
    ])
    cpSync(example, join(folder, 'tls', 'tls.conf'))
  }
  const guard = spawn('sh', ['-c', 'cat >/dev/null; sleep 0.3; rm -rf "$1"', 'guard', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  const start = async () => {
    const started = launch(folder)
    await isServing(started, port)
    return started
  }
  let server = await start()
  return {
    port,
    get pid() {
      return server.pid as number
    },
    async start() {
      server = await start()
    },
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    log: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    async stop() {
      server.kill('SIGTERM')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
      guard.stdin?.end()
    },
  }
}

/** As `start.sh` writes it, but for ports that differ. */
const upstreamOf = (name: string, replicas: readonly string[]) => `upstream ${name} {
  zone ${name} 64k;
  least_conn;
${replicas.map((address) => `  server ${address} max_fails=1 fail_timeout=2s;\n`).join('') || '  server 127.0.0.1:1 down;\n'}  keepalive 64;
  keepalive_timeout 50s;
}
`
const proxiesOf = (blocks: string): string =>
  execFileSync('sh', [join(source, 'start.sh'), 'proxies'], { encoding: 'utf8', env: { ...process.env, ARENA_TRUSTED_PROXIES: blocks } })

function onePage(folder: string): string {
  const web = join(folder, 'one-page')
  mkdirSync(web)
  writeFileSync(join(web, 'index.html'), '<title>the page</title>')
  return web
}

function rewrite(file: string, changes: readonly (readonly [from: string, to: string])[]): void {
  const text = changes.reduce((all, [from, to]) => all.replaceAll(from, to), readFileSync(file, 'utf8'))
  writeFileSync(file, text)
}

/** The kernel ends it with this process. */
function launch(folder: string): ChildProcess {
  chmodSync(folder, 0o755) // its workers are somebody else
  const words = ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;']
  return spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function isServing(server: ChildProcess, port: number): Promise<void> {
  await eventually(async () => {
    if (server.exitCode !== null) throw new Error(`nginx did not start (exit code ${server.exitCode})`)
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', reject)
    })
  }, 30_000)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
