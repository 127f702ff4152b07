/**
 * The embedded server's home folder:
 *   18/                the cluster, owned by the server's uid, mode 0700; made as 18.new and renamed, so a half-made one never counts
 *   owner.secret       the owner role's password, 0600, ours
 *   arena.lock         locked while an arena runs on this folder; holds that arena's process id
 *   sockets            the path of the socket folder, so that a killed run's can be removed
 *   binaries-…/        a copy of the binaries, only where the installed ones are out of the server's reach
 */
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#ports/log'
import { MAJOR } from './embedded-postgres-binaries.ts'
import type { Launch } from './embedded-postgres-launch.ts'
import { finish, type Lock, lockFile } from './embedded-postgres-process.ts'

export const OWNER = 'arena_owner'
export const SOCKET_PREFIX = 'arena-pg-'

/** The lock of an arena that was just killed is gone within milliseconds; a living one keeps it. */
const lockPatienceMs = 3_000

export async function takeFolder(home: string): Promise<Lock> {
  await mkdir(home, { recursive: true, mode: 0o711 })
  await chmod(home, 0o711)
  const path = join(home, 'arena.lock')
  const giveUpAt = Date.now() + lockPatienceMs
  for (;;) {
    const lock = await lockFile(path)
    if (lock !== undefined) {
      await writeFile(path, `${process.pid}\n`)
      return lock
    }
    if (Date.now() > giveUpAt) {
      const holder = (await readFile(path, 'utf8')).trim()
      throw new Error(`another arena (process ${holder || 'unknown'}) is running on ${home}: stop it, or set ARENA_DATA_DIR to another folder`)
    }
    await sleep(50)
  }
}

/** @throws when the folder holds a cluster of another major version only: starting an empty one beside it would look like lost data. */
export async function refuseOtherVersions(home: string): Promise<void> {
  const names = await readdir(home)
  const others = names.filter((name) => /^\d+$/.test(name) && name !== MAJOR)
  if (!names.includes(MAJOR) && others.length > 0) {
    throw new Error(
      `the database in ${home} was written by PostgreSQL ${others.join(', ')}, and this arena brings ${MAJOR}: dump it with the arena that wrote it, or set ARENA_DATA_DIR to another folder`,
    )
  }
  const found = names.includes(MAJOR) ? (await readFile(join(home, MAJOR, 'PG_VERSION'), 'utf8')).trim() : MAJOR
  if (found !== MAJOR) throw new Error(`the database in ${join(home, MAJOR)} was written by PostgreSQL ${found}, and this arena brings ${MAJOR}`)
}

export async function ownerSecret(home: string): Promise<string> {
  const path = join(home, 'owner.secret')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secret = randomBytes(32).toString('base64url')
  await writeFile(path, `${secret}\n`, { mode: 0o600, flush: true })
  return secret
}

/** Makes the cluster where there is none. Checksums are on by PostgreSQL's default; every login needs a password, over the socket too. */
export async function makeCluster(home: string, binaries: string, launch: Launch, secret: string): Promise<void> {
  const cluster = join(home, MAJOR)
  if (await stat(cluster).catch(() => undefined)) return
  const half = `${MAJOR}.new`
  const passwordFile = join(home, 'password.new')
  await rm(join(home, half), { recursive: true, force: true })
  await mkdir(join(home, half), { mode: 0o700 })
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, secret, { mode: 0o600 })
  if (launch.via !== 'self') for (const path of [join(home, half), passwordFile]) await chown(path, launch.initUid, launch.initUid)
  const args = [
    '-D',
    join(launch.home, half),
    '-U',
    OWNER,
    `--pwfile=${join(launch.home, 'password.new')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ]
  const made = await finish(launch.wrap([join(binaries, 'bin/initdb'), ...args], launch.initUid))
  await rm(passwordFile, { force: true })
  if (made.code !== 0) throw new Error(`cannot make the database in ${home}: ${reasonOf(made.output)}`)
  if (launch.uid !== launch.initUid) await finish(['chown', '-R', `${launch.uid}:${launch.uid}`, join(home, half)])
  await rename(join(home, half), cluster)
}

/** The line an operator can act on, out of what PostgreSQL said. */
export function reasonOf(output: string): string {
  if (/No space left on device/i.test(output)) return 'the disk is full (no space left on device)'
  if (/Permission denied/i.test(output)) return `permission denied: ${lastLine(output, /Permission denied/i)}`
  return lastLine(output, /FATAL|PANIC|error:/i) ?? (output.trim().split('\n').at(-1) || 'no reason given')
}

const lastLine = (output: string, pattern: RegExp) =>
  output
    .trim()
    .split('\n')
    .findLast((line) => pattern.test(line))

/** A PostgreSQL that a killed arena left on this folder is stopped; a pid file that names some other process by now is removed. Call under the lock. */
export async function clearLeftovers(home: string, log: Log): Promise<void> {
  const cluster = join(home, MAJOR)
  const pidFile = join(cluster, 'postmaster.pid')
  const lines = await readFile(pidFile, 'utf8').then(
    (text) => text.split('\n'),
    () => undefined,
  )
  if (lines === undefined) return
  const pid = Number(lines[0])
  if (await isServerOf(pid, cluster)) {
    log.warn({ pid }, 'a PostgreSQL of an arena that was killed is still there: stopping it')
    await stopOrphan(pid, cluster)
  }
  await rm(pidFile, { force: true })
}

/** By where it works, not by its number or path: numbers are reused, and in a mount namespace paths differ. */
export async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false
  try {
    const [there, here] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)])
    return there.dev === here.dev && there.ino === here.ino
  } catch {
    return false // no such process, or somebody else's
  }
}

async function stopOrphan(pid: number, cluster: string): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!(await isServerOf(pid, cluster))) return
    process.kill(pid, signal)
    const giveUpAt = Date.now() + patienceMs
    while (Date.now() < giveUpAt) {
      if (!(await isServerOf(pid, cluster))) return
      await sleep(25)
    }
  }
  throw new Error(`a PostgreSQL (process ${pid}) of an earlier run holds ${cluster} and cannot be stopped`)
}

/** A folder for the socket, whose path is short and unguessable. Open to passers-by until the cluster is made (initdb may run as another uid). */
export async function makeSocketFolder(home: string, parent: string): Promise<string> {
  const note = join(home, 'sockets')
  const left = await readFile(note, 'utf8').catch(() => '') // none on the first start
  if (basename(left).startsWith(SOCKET_PREFIX)) await rm(left, { recursive: true, force: true })
  const folder = await mkdtemp(join(parent, SOCKET_PREFIX))
  await chmod(folder, 0o711)
  await writeFile(note, folder)
  return folder
}
