/**
 * As whom PostgreSQL runs, and how it reaches its folder. It refuses to run as root, so for root there are three ways, tried in this order:
 *
 * 1. `uid`: an unprivileged uid of its own owns the data folder. Needs every parent folder to let others pass.
 * 2. `mount`: the same uid, where a parent is closed (a checkout below /root): in a private mount namespace the folder is bound to a short,
 *    open path. Needs the right to mount.
 * 3. `namespace`: a user namespace in which root looks like nobody. Last, because the process keeps root's reach over files.
 *
 * Anybody else runs it as themselves (`self`). In every way the process gets SIGINT (a fast shutdown) when the process that started it dies.
 * The uid need not be in passwd for the server; `initdb` alone insists, so that runs as nobody and the folder changes hands afterwards.
 */
import { chown, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { finish } from './embedded-postgres-process.ts'

export type Launch = {
  readonly via: 'self' | 'uid' | 'mount' | 'namespace'
  /** Who owns the data folder and the sockets. */
  readonly uid: number
  /** Who runs initdb; differs from `uid` where that is not in passwd. */
  readonly initUid: number
  /** The home folder as the server sees it. */
  readonly home: string
  /** The words to put before a program to run it as `uid` (default) on that folder. */
  wrap(argv: readonly string[], uid?: number): readonly string[]
}

/** Of Debian's reserved range 65000-65533: no account is made there, and no sandbox or subordinate range begins there. */
const dedicatedUid = 65_432
const nobody = 65_534

const tieToParent = ['setpriv', '--pdeathsig', 'INT']
const dropTo = (uid: number) => [
  ...tieToParent,
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
  '--no-new-privs',
]

/** @throws with what to do when no way is open. `runtimeDir` is a private folder whose path the server's uid may pass. */
export async function chooseLaunch(home: string, dataFolder: string, runtimeDir: string): Promise<Launch> {
  const self = process.getuid?.() ?? 0
  if (self !== 0) return { via: 'self', uid: self, initUid: self, home, wrap: (argv) => [...tieToParent, ...argv] }
  const uid = (await ownerOf(dataFolder)) ?? dedicatedUid
  const initUid = (await isInPasswd(uid)) ? uid : nobody
  await chown(runtimeDir, uid, uid)
  const mountPoint = join(runtimeDir, 'home')
  await mkdir(mountPoint, { mode: 0o711 })
  const plain: Launch = { via: 'uid', uid, initUid, home, wrap: (argv, as = uid) => [...dropTo(as), ...argv] }
  const mounted: Launch = {
    via: 'mount',
    uid,
    initUid: uid === initUid ? uid : nobody,
    home: mountPoint,
    wrap: (argv, as = uid) => [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      'mount --bind "$0" "$1" && shift && exec "$@"',
      home,
      mountPoint,
      ...dropTo(as),
      ...argv,
    ],
  }
  const namespaced: Launch = {
    via: 'namespace',
    uid: 0,
    initUid: 0,
    home,
    wrap: (argv) => [...tieToParent, 'unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, ...argv],
  }
  const refusals: string[] = []
  for (const launch of [plain, mounted, namespaced]) {
    const probe = await finish(launch.wrap(['test', '-x', launch.home]))
    if (probe.code === 0) {
      await chown(runtimeDir, launch.uid, launch.uid)
      return launch
    }
    refusals.push(`${launch.via}: ${probe.output.trim() || 'the folder is not reachable'}`)
  }
  throw new Error(
    `PostgreSQL does not run as root, and an unprivileged uid cannot reach ${home}. Set ARENA_DATA_DIR to a folder whose parents others may pass through, such as /var/lib/competa-arena, or start the arena as an ordinary user (${refusals.join('; ')})`,
  )
}

/** A folder that was handed over once keeps its owner. */
async function ownerOf(folder: string): Promise<number | undefined> {
  try {
    const { uid } = await stat(folder)
    return uid === 0 ? undefined : uid
  } catch {
    return undefined // no such folder yet: the usual uid
  }
}

async function isInPasswd(uid: number): Promise<boolean> {
  const passwd = await readFile('/etc/passwd', 'utf8')
  return passwd.split('\n').some((line) => line.split(':')[2] === String(uid))
}
