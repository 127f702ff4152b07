import { execFile, execFileSync } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '#ports/log'
import { type Box, type Sandbox, SandboxFault } from '#ports/sandbox'
import { buildRunner, buildSpawner } from './runner/build.ts'
import { openCores } from './runner/cores.ts'
import { seccompFilter } from './runner/seccomp.ts'
import { openBox } from './sandbox-native/box.ts'
import { type Cgroups, findCgroups } from './sandbox-native/cgroup.ts'
import { firstUid, type Host, mostSlots, type Slot, type Toolchain } from './sandbox-native/host.ts'
import { removeLeftovers, removeWithMounts, tagOf } from './sandbox-native/leftovers.ts'
import { openPair } from './sandbox-native/pair.ts'
import { prepare } from './sandbox-native/run-in-session.ts'
import { selfCheck } from './sandbox-native/self-check.ts'
import { openSpawner } from './sandbox-native/spawner.ts'
import { makeDev, makeEtc, makeMemoryFolder, makeView } from './sandbox-native/view.ts'

/**
 * Boxes made of namespaces, control groups (version 1 or 2), a system call filter and the runner (runner/README.md).
 *
 * As root a box is made ahead by the spawner (runner/spawner), with own process, network, IPC, host name and mount namespaces and the system read-only. The
 * runner in it starts each run in about a millisecond, as a uid without any capability, in a control group that bounds and measures memory,
 * processes and CPU of the whole tree; compilers and tests have a uid each. When the runner ends, is killed, or this process dies, the kernel ends
 * every process of the box.
 *
 * Without root the runner would have the program's own uid, and without a C compiler there is none: then each run is a bubblewrap of its own.
 * Not root, bubblewrap makes a user namespace and the control groups must have been delegated. Without bounds on memory and processes there is no
 * sandbox: opening fails with one line that says what to do.
 *
 * On disk: `<workRoot>/arena-<pid>-<start>/slot-<n>/`. As root a slot's folders are tmpfs, so that space and file count are bounded.
 */
export type NativeSandboxOptions = {
  /** Boxes open at once; further `open` calls wait. */
  readonly slots: number
  readonly workRoot: string
  readonly log: Log
  /** Language id → command that prints the toolchain's version. */
  readonly probes: Readonly<Record<string, readonly string[]>>
  /** Folders of this machine that programs see, read-only, at `at`: headers compiled ahead, an interpreter. They must exist, and may fill up later. */
  readonly toolchains?: readonly Toolchain[]
  /** A built runner, or false for a bubblewrap a run. Default: the runner, as root, built when needed. */
  readonly runner?: string | false
}

const boxBytes = 256 * 1024 ** 2
const boxInodes = 4096
/** /tmp of runs, which counts towards their memory as well. */
const temporaryBytes = 64 * 1024 ** 2
const testBytes = 16 * 1024 ** 2
/** 0 to 9 are given to every run anew. */
const lastOwnFd = 9
const run = promisify(execFile)

/** @throws SandboxFault with one line for the operator. */
export async function openNativeSandbox(options: NativeSandboxOptions): Promise<Sandbox> {
  if (options.slots < 1 || options.slots > mostSlots) throw new SandboxFault(`a sandbox needs 1 to ${mostSlots} slots`, 'never')
  const host = await prepareHost(options)
  const slots: Slot[] = []
  try {
    while (slots.length < options.slots) slots.push(makeSlot(host, slots.length))
    await selfCheck(slots[0] as Slot)
  } catch (error) {
    await removeSlots(host, slots)
    throw error
  }
  slots.forEach(prepare)
  const toolchains = await probe(options.probes)
  options.log.info(
    {
      cgroups: host.cgroups.version,
      slots: options.slots,
      uid: host.asRoot ? 'own' : 'mapped',
      runner: host.boxes !== undefined,
      interactive: host.boxes !== undefined,
      filter: host.seccompFile !== undefined,
      toolchains,
    },
    'the native sandbox is ready',
  )
  return sandboxOver(host, slots, toolchains)
}

/** Slots for those who ask, first come first served. */
function lend(slots: readonly Slot[]) {
  const free = [...slots]
  const waiting: { readonly get: (slot: Slot) => void; readonly refuse: (reason: Error) => void }[] = []
  return {
    giveBack(slot: Slot) {
      const next = waiting.shift()
      if (next === undefined) free.push(slot)
      else next.get(slot)
    },
    refuseAll(reason: Error) {
      for (const each of waiting.splice(0)) each.refuse(reason)
    },
    take(signal?: AbortSignal): Promise<Slot> {
      const slot = free.pop()
      if (slot !== undefined) return Promise.resolve(slot)
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.splice(waiting.indexOf(place), 1)
          reject(signal?.reason as Error)
        }
        const place = {
          get: (given: Slot) => {
            signal?.removeEventListener('abort', leave)
            resolve(given)
          },
          refuse: (reason: Error) => {
            signal?.removeEventListener('abort', leave)
            reject(reason)
          },
        }
        waiting.push(place)
        signal?.addEventListener('abort', leave, { once: true })
      })
    },
  }
}

function sandboxOver(host: Host, slots: readonly Slot[], toolchains: Readonly<Record<string, string>>): Sandbox {
  const lent = lend(slots)
  const boxes = new Set<Pick<Box, 'close'>>()
  const partners = new Map<Slot, Slot>()
  const vacating = new Set<Promise<void>>()
  let closed = false
  let broken: SandboxFault | undefined
  /** A slot that cannot be emptied is not given to anybody again, and who opens hears why. */
  const takeBack = (slot: Slot, vacated: Promise<void>) => {
    const done = vacated.then(
      () => lent.giveBack(slot),
      (error: unknown) => {
        broken = new SandboxFault(`a box cannot be emptied: ${(error as Error).message}`, 'later', error)
        lent.refuseAll(broken)
      },
    )
    vacating.add(done)
    void done.then(() => vacating.delete(done))
  }
  const openOn = async <B extends Pick<Box, 'close'>>(open: (slot: Slot, release: (vacated: Promise<void>) => void) => B, signal: AbortSignal | undefined) => {
    if (closed) throw new SandboxFault('the sandbox is closed', 'never')
    if (broken !== undefined) throw broken
    signal?.throwIfAborted()
    const slot = await lent.take(signal)
    const box = open(slot, (vacated) => {
      boxes.delete(box)
      takeBack(slot, vacated)
    })
    boxes.add(box)
    return box
  }
  /** Made when it is first needed, in about 20 ms, and kept: where nobody talks there are none. */
  const partnerOf = (slot: Slot): Slot => {
    const partner = partners.get(slot) ?? makeSlot(host, 2 * mostSlots + slot.index, slot.joint)
    partners.set(slot, partner)
    return partner
  }
  return {
    name: 'native',
    contains: 'untrusted',
    toolchains,
    open: ({ signal, givesWay } = {}) => openOn((slot, release) => openBox(slot, { givesWay, release }), signal),
    ...(host.boxes === undefined
      ? {}
      : { openPair: ({ signal, givesWay } = {}) => openOn((slot, release) => openPair([slot, partnerOf(slot)], { givesWay, release }), signal) }),
    async close() {
      if (closed) return
      closed = true
      await Promise.all([...boxes].map((box) => box.close()))
      await Promise.all(vacating)
      await removeSlots(host, [...slots, ...partners.values()])
    },
  }
}

async function removeSlots(host: Host, slots: readonly Slot[]): Promise<void> {
  await Promise.all(slots.map((slot) => slot.session?.end()))
  await host.boxes?.spawner.close()
  for (const name of host.cgroups.list(`${tagOfFolder(host.folder)}-`)) host.cgroups.open(name).remove()
  removeWithMounts(host.folder)
}
const tagOfFolder = (folder: string) => basename(folder)

async function prepareHost({ workRoot: root, log, runner, toolchains = [] }: NativeSandboxOptions): Promise<Host> {
  const workRoot = resolve(root)
  if (process.platform !== 'linux') throw new SandboxFault('the native sandbox needs Linux; on this system use Docker (ARENA_SANDBOX=docker) or WSL', 'never')
  const asRoot = process.getuid?.() === 0
  const bwrap = findProgram('bwrap', 'bubblewrap')
  if (asRoot) findProgram('setpriv', 'util-linux')
  const help = helpOf(bwrap)
  if (!help.includes('--perms')) throw new SandboxFault('bubblewrap is too old (0.5 or newer is needed): apt install bubblewrap from a newer release', 'later')
  const cgroups: Cgroups | { missing: string } = findCgroups(asRoot)
  if ('missing' in cgroups) throw new SandboxFault(`programs cannot be bounded: ${cgroups.missing}`, 'later')
  mkdirSync(workRoot, { recursive: true })
  removeLeftovers(workRoot, cgroups, log)
  const tag = tagOf(process.pid)
  const folder = join(workRoot, uniqueName(workRoot, tag))
  mkdirSync(folder, { mode: 0o700 })
  const filter = seccompFilter(process.arch)
  const seccompFile = filter === undefined ? undefined : join(folder, 'seccomp')
  if (filter !== undefined && seccompFile !== undefined) writeFileSync(seccompFile, filter)
  else
    log.warn({ arch: process.arch }, 'there is no system call filter for this architecture: programs are confined by namespaces, uid and control groups only')
  const seen = { etcFolder: makeEtc(folder), devFolder: asRoot ? makeDev(folder) : undefined, toolchains }
  return {
    ...seen,
    bwrap,
    asRoot,
    boxes: runner === false || !asRoot ? undefined : await prepareBoxes({ folder, log, runner, seen, groups: cgroups.hierarchies }),
    cgroups,
    filter,
    seccompFile,
    cores: openCores(),
    taskset: existsSync('/usr/bin/taskset') ? '/usr/bin/taskset' : undefined,
    sizesTmpfs: help.includes('--size'),
    disablesUserns: help.includes('--disable-userns'),
    inheritedFds: inheritedFds(),
    folder,
    log,
  }
}

function helpOf(bwrap: string): string {
  try {
    return execFileSync(bwrap, ['--help'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const said = (error as Error).message.trim().split('\n').at(-1)
    throw new SandboxFault(`${bwrap} does not run (${said}): apt install --reinstall bubblewrap`, 'later', error)
  }
}

type BoxParts = {
  readonly folder: string
  readonly log: Log
  readonly runner: string | undefined
  readonly seen: Pick<Host, 'etcFolder' | 'devFolder' | 'toolchains'>
  readonly groups: number
}
async function prepareBoxes({ folder, log, runner: given, seen, groups }: BoxParts): Promise<Host['boxes']> {
  const runner = given === undefined ? buildRunner(folder) : { path: given }
  const spawner = buildSpawner(folder)
  if ('path' in runner && 'path' in spawner) {
    const [view, own, joints] = mounted(() => [
      makeView(folder, { ...seen, runner: runner.path, groups }),
      makeMemoryFolder(join(folder, 'spawner')),
      makeMemoryFolder(join(folder, 'joints')),
    ])
    return { spawner: await openSpawner(spawner.path, own), view, joints }
  }
  const missing = [runner, spawner].flatMap((built) => ('missing' in built ? [built.missing] : []))
  log.warn({ missing }, 'every run takes a bubblewrap of its own and so 10 ms more, and interactive problems wait')
  return undefined
}

/** @throws SandboxFault where nothing may be mounted. */
function mounted<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new SandboxFault(
      `cannot mount a work folder (${(error as Error).message.trim().split('\n').at(-1)}): the arena needs the right to mount; in a container run it with --privileged`,
      'later',
      error,
    )
  }
}

/** What this process opens itself is close-on-exec; what its parents left open is not. */
function inheritedFds(): readonly number[] {
  const closesOnExec = 0o2000000
  return readdirSync('/proc/self/fdinfo')
    .map(Number)
    .filter((fd) => fd > lastOwnFd && existsSync(`/proc/self/fdinfo/${fd}`))
    .filter((fd) => (Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0', 8) & closesOnExec) === 0)
    .sort((a, b) => a - b)
}

/** Several sandboxes in one process (tests) have a folder and groups each. */
function uniqueName(workRoot: string, tag: string): string {
  for (let number = 1; ; number++) {
    const name = `${tag}-${number}`
    if (!existsSync(join(workRoot, name))) return name
  }
}

function findProgram(name: string, debianPackage: string): string {
  for (const folder of ['/usr/bin', '/bin', '/usr/local/bin']) {
    const path = join(folder, name)
    if (existsSync(path)) {
      accessSync(path, constants.X_OK)
      return path
    }
  }
  throw new SandboxFault(`${name} is not installed: apt install ${debianPackage}`, 'later')
}

/** @param ownJoint of the slot whose partner it will be; default: a new one. */
function makeSlot(host: Host, index: number, ownJoint?: string): Slot {
  const folder = join(host.folder, `slot-${index}`)
  const buildUid = firstUid + mostSlots + index
  mkdirSync(folder)
  makeWorkFolder(host, join(folder, 'box'), boxBytes)
  if (host.boxes === undefined) {
    for (const name of ['out', 'err']) {
      execFileSync('mkfifo', [join(folder, name)], { stdio: 'pipe' })
      chmodSync(join(folder, name), 0o622) // a program that opens /dev/stdout reaches it through its own descriptor only
    }
  } else {
    makeWorkFolder(host, join(folder, 'test'), testBytes)
    makeWorkFolder(host, join(folder, 'tmp'), temporaryBytes)
    // Compilers alone put something in here, by their group; sticky: what `put` wrote stays the worker's.
    chownSync(join(folder, 'box'), 0, buildUid)
    chmodSync(join(folder, 'box'), 0o1775)
  }
  const joint = ownJoint ?? (host.boxes === undefined ? undefined : join(host.boxes.joints, String(index)))
  if (joint !== undefined) mkdirSync(joint, { mode: 0o700, recursive: true })
  const groups = host.cgroups.slot(`${tagOfFolder(host.folder)}-${index}`)
  return { host, index, uid: firstUid + index, buildUid, folder, joint, groups, session: undefined, givesWay: false, testBytes }
}

/** As root a file system of its own; everybody may write, and remove only what is theirs. */
function makeWorkFolder(host: Host, path: string, size: number): void {
  mkdirSync(path, { recursive: true })
  if (host.asRoot) {
    const options = `size=${size},nr_inodes=${boxInodes},mode=1777,nosuid,nodev`
    mounted(() => execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'arena-box', path], { stdio: 'pipe' }))
  }
  chmodSync(path, 0o1777)
}

/** Reading the versions also brings the toolchains into the page cache, at this process's charge and not the first contestant's. */
async function probe(probes: NativeSandboxOptions['probes']): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    Object.entries(probes).map(async ([language, [program = '', ...args]]) => {
      if (!existsSync(program)) return []
      const { stdout } = await run(program, args, { timeout: 10_000, env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' } }).catch(() => ({ stdout: '' }))
      return stdout.trim() === '' ? [] : [[language, stdout.trim()] as const]
    }),
  )
  return Object.fromEntries(found.flat())
}
