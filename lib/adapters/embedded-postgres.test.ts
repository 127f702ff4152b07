import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, afterEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { findBinaries, reachableBinaries } from './embedded-postgres-binaries.ts'
import { reasonOf } from './embedded-postgres-folder.ts'
import { chooseLaunch } from './embedded-postgres-launch.ts'

const isRoot = process.getuid?.() === 0
const root = await mkdtemp('/tmp/arena-embedded-')
await chmod(root, 0o711)
after(() => rm(root, { recursive: true, force: true }))

const running: EmbeddedPostgres[] = []
let folders = 0
const newFolder = () => join(root, `case-${++folders}`)
const start = async (dataDir: string, options: { runtimeDir?: string } = {}) => {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, ...options })
  running.push(server)
  return server
}
const socketsOf = (server: { url: string }) => new URL(server.url).searchParams.get('host') ?? ''
const isAlive = (pid: number) => existsSync(`/proc/${pid}`)

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function startChild(folder: string) {
  const script = fileURLToPath(new URL('../testkit/embedded-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, server: JSON.parse(line) as { url: string; pid: number } }
}

describe('the embedded PostgreSQL', () => {
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop()
  })

  it('starts in a folder that is not there yet, and a later start finds the data', async () => {
    const folder = newFolder()
    const first = await start(folder)
    await query(first.url, 'create table kept (n int); insert into kept values (7)')
    assert.deepEqual(await query(first.url, 'show fsync'), [{ fsync: 'on' }])
    await first.stop()
    await first.stop()
    assert.equal(existsSync(socketsOf(first)), false)
    const second = await start(folder)
    assert.deepEqual(await query(second.url, 'select n from kept'), [{ n: 7 }])
  })

  it('never runs as root, and lets nobody in without a password', async () => {
    const server = await start(newFolder())
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
    assert.notEqual(/^Uid:\s+(\d+)/m.exec(status)?.[1], '0')
    const url = new URL(server.url)
    url.password = 'guess'
    await assert.rejects(query(url.href, 'select 1'), /password authentication failed/)
  })

  it('killed, it is started again on the same socket with all that was committed', async () => {
    const server = await start(newFolder())
    await query(server.url, 'create table kept (n int); insert into kept values (7)')
    const exits: unknown[] = []
    server.onExit((how) => exits.push(how.signal))
    const killed = server.pid ?? 0
    process.kill(killed, 'SIGKILL')
    await eventually(async () => assert.deepEqual(await query(server.url, 'select n from kept'), [{ n: 7 }]), 10_000)
    assert.deepEqual(exits, ['SIGKILL'])
    assert.notEqual(server.pid, killed)
  })

  it('a second arena on the folder is refused by name, and the first does not notice', async () => {
    const folder = newFolder()
    const server = await start(folder)
    await assert.rejects(start(folder), (error: Error) => error.message.includes(`another arena (process ${process.pid}) is running on ${folder}`))
    assert.equal((await query(server.url, 'select 1')).length, 1)
  })

  it('ends with the arena that was killed, and the next start goes on and clears up', async () => {
    const folder = newFolder()
    const { child, server } = await startChild(folder)
    await query(server.url, 'create table kept (n int); insert into kept values (7)')
    child.kill('SIGKILL')
    await eventually(() => assert.equal(isAlive(server.pid), false))
    const next = await start(folder)
    assert.deepEqual(await query(next.url, 'select n from kept'), [{ n: 7 }])
    assert.equal(existsSync(socketsOf(server)), false)
  })

  it('a PostgreSQL that outlived its arena is stopped before the folder is used', async () => {
    const folder = newFolder()
    await (await start(folder)).stop()
    const runtime = await mkdtemp('/tmp/arena-pg-')
    const launch = await chooseLaunch(folder, join(folder, '18'), runtime)
    const binaries = await reachableBinaries(await findBinaries(), folder, launch)
    const argv = launch.wrap([join(binaries, 'bin/postgres'), '-D', join(launch.home, '18'), '-k', runtime, '-c', 'listen_addresses='])
    const untied = argv.join('\0').replace('--pdeathsig\0INT', '--pdeathsig\0clear').split('\0')
    const orphan = spawn(untied[0] ?? '', untied.slice(1), { stdio: 'ignore', cwd: '/' })
    await eventually(() => assert.ok(existsSync(join(runtime, '.s.PGSQL.5432'))))
    const server = await start(folder)
    assert.notEqual(orphan.exitCode, null)
    assert.equal((await query(server.url, 'select 1')).length, 1)
    await rm(runtime, { recursive: true, force: true })
  })

  it('a pid file left behind whose number is some other process by now does not stop the start', async () => {
    const folder = newFolder()
    await (await start(folder)).stop()
    const other = spawn('sleep', ['60'])
    await writeFile(join(folder, '18/postmaster.pid'), `${other.pid}\n${folder}/18\n1\n5432\n/tmp/nowhere\n\n  1 1\nready\n`)
    assert.equal((await query((await start(folder)).url, 'select 1')).length, 1)
    assert.equal(isAlive(other.pid ?? 0), true)
    other.kill()
  })

  it('data of another major version is refused, not started empty beside', async () => {
    const folder = newFolder()
    await mkdir(join(folder, '17'), { recursive: true })
    await assert.rejects(start(folder), /written by PostgreSQL 17, and this arena brings 18/)
    assert.equal(existsSync(join(folder, '18')), false)
  })

  it('a cluster that was half made when the arena was killed is made anew', async () => {
    const folder = newFolder()
    await mkdir(join(folder, '18.new/base'), { recursive: true })
    assert.equal((await query((await start(folder)).url, 'select 1')).length, 1)
  })

  it('works below a folder that only root may pass', { skip: isRoot ? false : 'only root can make such a folder' }, async () => {
    const closed = newFolder()
    await mkdir(closed, { mode: 0o700 })
    const folder = join(closed, 'checkout/data')
    await mkdir(folder, { recursive: true })
    const first = await start(folder)
    await query(first.url, 'create table kept (n int)')
    process.kill(first.pid ?? 0, 'SIGKILL')
    await eventually(async () => assert.deepEqual(await query(first.url, 'select n from kept'), []), 10_000)
    await first.stop()
    assert.deepEqual(await query((await start(folder)).url, 'select n from kept'), [])
  })

  it('a runtime folder whose path is too long for a socket is passed over', async () => {
    const runtimeDir = join(root, 'x'.repeat(90))
    await mkdir(runtimeDir)
    const server = await start(newFolder(), { runtimeDir })
    assert.equal(dirname(socketsOf(server)), '/tmp')
  })

  it('a folder reached by a link works, and the lock still sees one folder', async () => {
    const folder = newFolder()
    await mkdir(folder)
    const link = newFolder()
    await symlink(folder, link)
    await start(link)
    await assert.rejects(start(folder), /another arena/)
  })

  it('a full disk is said in one line and leaves nothing running', { skip: isRoot ? false : 'needs root to mount a small disk' }, async (t) => {
    const disk = newFolder()
    await mkdir(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0711', 'tmpfs', disk], { stdio: 'pipe' })
    } catch (error) {
      return t.skip(`this machine does not let us mount: ${error}`)
    }
    try {
      await assert.rejects(start(join(disk, 'data')), /the disk is full/)
      assert.equal(existsSync(join(disk, 'data/18')), false)
    } finally {
      execFileSync('umount', [disk])
    }
  })

  it('says the line an operator can act on out of what the server printed', () => {
    assert.equal(
      reasonOf('LOG: a\nFATAL:  could not write lock file "postmaster.pid": No space left on device\n'),
      'the disk is full (no space left on device)',
    )
    assert.equal(reasonOf('LOG: a\nFATAL:  data directory has wrong ownership\nLOG: b\n'), 'FATAL:  data directory has wrong ownership')
    assert.equal(reasonOf(''), 'no reason given')
  })
})
