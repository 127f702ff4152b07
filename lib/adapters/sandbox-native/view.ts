import { execFileSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { firstUid, type Toolchain } from './host.ts'
import { mountPoints } from './leftovers.ts'

/** Those of slots and of their partners (`host.ts`). */
const uids = 512

/** An /etc with the loader's cache, Debian's alternatives, the settings its Java does not start without, and a name for every slot's uid; nothing else of the host's. */
export function makeEtc(folder: string): string {
  const etc = join(folder, 'etc')
  mkdirSync(etc)
  const names = ['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', ...readdirSync('/etc').filter((name) => /^java-\d+-openjdk$/.test(name))]
  for (const name of names) {
    if (existsSync(`/etc/${name}`)) cpSync(`/etc/${name}`, join(etc, name), { recursive: true, verbatimSymlinks: true, filter: isReadable })
  }
  const lines = Array.from({ length: uids }, (_, index) => `box:x:${firstUid + index}:${firstUid + index}::/box:/bin/sh\n`)
  writeFileSync(join(etc, 'passwd'), `root:x:0:0::/:/bin/false\n${lines.join('')}`)
  chmodSync(join(etc, 'passwd'), 0o644)
  chmodSync(etc, 0o755)
  return etc
}

const isReadable = (path: string) => {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false // not ours to see, or a link to nothing
  }
}

/**
 * A /dev with the five harmless devices, made once instead of mounted node by node for each run. Its folder belongs to root, so nothing can be
 * put into it; shared memory lies in /tmp, which is a tmpfs of the run's own. @returns undefined where devices cannot be made (containers).
 */
export function makeDev(folder: string): string | undefined {
  const dev = join(folder, 'dev')
  mkdirSync(dev)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=755,nosuid,noexec', 'arena-dev', dev], { stdio: 'pipe' })
    for (const [name, minor] of [
      ['null', 3],
      ['zero', 5],
      ['full', 7],
      ['random', 8],
      ['urandom', 9],
    ] as const) {
      execFileSync('mknod', ['-m', '666', join(dev, name), 'c', '1', String(minor)], { stdio: 'pipe' })
    }
    execFileSync('dd', ['if=/dev/zero', `of=${join(dev, 'null')}`, 'count=1'], { stdio: 'pipe' }) // a container may let nodes be made and not used
  } catch {
    return undefined // bubblewrap then binds the host's own devices
  }
  linkDevices(dev)
  return dev
}

function linkDevices(dev: string): void {
  for (const [name, fd] of [
    ['stdin', 0],
    ['stdout', 1],
    ['stderr', 2],
  ] as const)
    symlinkSync(`/proc/self/fd/${fd}`, join(dev, name))
  symlinkSync('/proc/self/fd', join(dev, 'fd'))
  symlinkSync('/tmp', join(dev, 'shm'))
}

/** What stands beside /usr: links into it, or folders where a system has kept them apart (no `target`). */
export const systemLinks = (): readonly { readonly path: string; readonly target: string | undefined }[] =>
  ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
    .filter((path) => existsSync(path))
    .map((path) => ({ path, target: lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined }))

function makeFolder(path: string, mode: number): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, mode)
}
const mount = (...args: readonly string[]) => execFileSync('mount', args, { stdio: 'pipe' })

/** Read-only, with all that is mounted below it. Private first, so that taking it away one day takes away nothing of the machine's. */
function bindReadOnly(from: string, at: string): void {
  mkdirSync(at, { recursive: true, mode: 0o755 })
  mount('--rbind', from, at)
  mount('--make-rprivate', at)
  for (const each of mountPoints()) if (each === at || each.startsWith(`${at}/`)) mount('-o', 'remount,bind,ro,nosuid,nodev', each)
}

/** Devices of the machine itself, where none can be made. */
function bindDevices(at: string): void {
  for (const name of ['null', 'zero', 'full', 'random', 'urandom']) {
    writeFileSync(join(at, name), '')
    mount('--bind', join('/dev', name), join(at, name))
  }
  linkDevices(at)
}

/** A private folder for small files that come and go with each box: on a disk each of them would cost a millisecond. */
export function makeMemoryFolder(path: string): string {
  mkdirSync(path)
  mount('-t', 'tmpfs', '-o', 'size=8m,mode=700,nosuid,nodev,noexec', `arena-${basename(path)}`, path)
  return path
}

export type ViewParts = {
  readonly etcFolder: string
  /** Undefined: the machine's own devices. */
  readonly devFolder: string | undefined
  readonly toolchains: readonly Toolchain[]
  readonly runner: string
  /** Control groups that a box is given. */
  readonly groups: number
}
/** Where a box finds what is its own: folders in the view, over which it binds the slot's. */
export const boxPlaces = { temporary: 'tmp', tests: 'box', builds: 'build', group: (index: number) => `runner/group-${index}`, joint: 'runner/joint' }

/**
 * Mounts, once, all that the boxes of a sandbox have in common: the system, our /etc, toolchains, devices, and in a folder that only root may enter the
 * runner. Read-only as a whole; a box binds it as its root (runner/spawner/box.c) and the slot's own folders into it. @throws where nothing can be mounted.
 */
export function makeView(folder: string, { etcFolder, devFolder, toolchains, runner, groups }: ViewParts): string {
  const view = join(folder, 'view')
  const at = (path: string) => join(view, path)
  mkdirSync(view)
  mount('-t', 'tmpfs', '-o', 'size=8m,mode=755,nosuid,nodev', 'arena-view', view)
  mount('--make-private', view)
  // umask or not: folders above a toolchain, and those that are bound over, are open to all
  for (const path of ['proc', 'dev', 'tmp', 'box', 'build', ...toolchains.flatMap((each) => [dirname(dirname(each.at)), dirname(each.at)])])
    makeFolder(at(path), 0o755)
  makeFolder(at('runner'), 0o700)
  for (let index = 0; index < groups; index++) makeFolder(at(boxPlaces.group(index)), 0o755)
  makeFolder(at(boxPlaces.joint), 0o700)
  bindReadOnly('/usr', at('usr'))
  bindReadOnly(etcFolder, at('etc'))
  for (const { path, target } of systemLinks()) {
    if (target === undefined) bindReadOnly(path, at(path))
    else symlinkSync(target, at(path))
  }
  for (const toolchain of toolchains) bindReadOnly(toolchain.folder, at(toolchain.at))
  if (devFolder === undefined) bindDevices(at('dev'))
  else mount('--bind', devFolder, at('dev'))
  copyFileSync(runner, at('runner/runner'))
  chmodSync(at('runner/runner'), 0o700)
  mount('-o', 'remount,bind,ro,nosuid,nodev', view)
  return view
}
