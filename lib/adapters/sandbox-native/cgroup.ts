import { constants, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Control groups: found here, divided among slots, and, for runs without a runner, made for each run below its slot's and removed after it, so that no page, counter or process of one run is charged to the
 * next (create and remove: 0.2 ms). Version 1 has a folder per controller, version 2 one folder; both are reached through the same verbs.
 *
 * Membership is taken by the run itself (writing `0`), before the program starts: so neither bubblewrap nor the runner is
 * charged to the program, and the program never holds a descriptor of a control group.
 */
export type RunCgroup = {
  /** One descriptor for each hierarchy, joined by writing `0`, for who cannot reach the folders; the caller closes them. */
  join(): readonly number[]
  /** CPU used so far. Each look also counts towards the memory that `usage` tells. */
  cpuMs(): number
  usage(): { readonly cpuMs: number; readonly memoryBytes: number; readonly oomKills: number; readonly limitHits: number }
  members(): readonly number[]
  /** @returns false while processes are still in it. */
  remove(): boolean
}

export type CgroupLimits = { readonly memoryBytes: number; readonly processes: number }
export type SlotGroups = {
  /** Where the slot's runs have their groups, one folder per hierarchy. */
  readonly folders: readonly string[]
  /** @param run its name, unused among those that exist. */
  create(run: string, limits: CgroupLimits): RunCgroup
  /** Removes what runs left below it. @returns false while processes are still in there. */
  clear(): boolean
}
export interface Cgroups {
  readonly version: 1 | 2
  /** Folders of a slot's groups. */
  readonly hierarchies: number
  /** A group for the groups of one slot; it has no process of its own. */
  slot(name: string): SlotGroups
  /** Names of slots' groups that start with `prefix`. */
  list(prefix: string): readonly string[]
  open(name: string): { members(): readonly number[]; remove(): boolean }
}

const read = (file: string) => readFileSync(file, 'utf8')
const readNumber = (file: string) => Number(read(file))
/** `key value` lines, as in memory.events. */
export const readKey = (text: string, key: string) => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
const pidsIn = (folder: string) => (existsSync(folder) ? read(join(folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number) : [])

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return true
    if (code === 'EBUSY') return false
    throw error
  }
}

const subfolders = (folder: string) => (existsSync(folder) ? listIn(folder, '').map((name) => join(folder, name)) : [])
/** By `tasks` where there is one: moving a whole process makes the kernel wait, up to 10 ms; who joins has one thread. */
const joinFile = (folder: string) => [join(folder, 'tasks'), join(folder, 'cgroup.procs')].find(existsSync) ?? join(folder, 'cgroup.procs')
const joinFds = (folders: readonly string[]) => folders.map((folder) => openSync(joinFile(folder), constants.O_WRONLY))
const handleOn = (folders: readonly string[]) => ({
  members: () => [...new Set(folders.flatMap((folder) => [folder, ...subfolders(folder)]).flatMap(pidsIn))],
  remove: () =>
    folders
      .flatMap((folder) => [...subfolders(folder), folder])
      .map(removeFolder)
      .every(Boolean),
})
const handleOnRun = (folders: readonly string[]) => ({
  join: () => joinFds(folders),
  members: () => [...new Set(folders.flatMap(pidsIn))],
  remove: () => folders.map(removeFolder).every(Boolean),
})
const slotOf = (folders: readonly string[], create: SlotGroups['create']): SlotGroups => ({
  folders,
  create,
  clear: () => folders.flatMap(subfolders).map(removeFolder).every(Boolean),
})
const listIn = (folder: string, prefix: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
    .map((entry) => entry.name)

/**
 * What a run held of anonymous and shared memory: the highest sample, or the group's peak without the page cache that it left, whichever is more.
 * (`cache` counts shared memory too, in both versions.)
 */
function memoryWatch(stat: () => string, keys: { readonly anonymous: string; readonly cache: string }) {
  let highest = 0
  const look = () => {
    const text = stat()
    highest = Math.max(highest, readKey(text, keys.anonymous) + readKey(text, 'shmem'))
    return readKey(text, keys.cache) - readKey(text, 'shmem')
  }
  return { look, most: (peakBytes: number) => Math.max(peakBytes - look(), highest) }
}

/** `bases`: the folder under which groups are made, per controller. */
export function cgroupsV1(bases: { readonly memory: string; readonly pids: string; readonly cpuacct: string }): Cgroups {
  const foldersOf = (name: string) => [...new Set([bases.memory, bases.pids, bases.cpuacct])].map((base) => join(base, name))
  const makeFolders = (name: string) => {
    const folders = foldersOf(name)
    for (const folder of folders) mkdirSync(folder)
    return folders
  }
  return {
    version: 1,
    hierarchies: foldersOf('').length,
    slot: (slot) => slotOf(makeFolders(slot), (run, limits) => makeRun(join(slot, run), limits)),
    list: (prefix) => [...new Set([bases.memory, bases.pids, bases.cpuacct].flatMap((base) => listIn(base, prefix)))],
    open: (name) => handleOn(foldersOf(name)),
  }
  function makeRun(name: string, limits: CgroupLimits): RunCgroup {
    const folders = makeFolders(name)
    const memory = join(bases.memory, name)
    const cpuacct = join(bases.cpuacct, name)
    writeFileSync(join(memory, 'memory.limit_in_bytes'), String(limits.memoryBytes))
    const withSwap = join(memory, 'memory.memsw.limit_in_bytes')
    if (existsSync(withSwap)) writeFileSync(withSwap, String(limits.memoryBytes))
    else writeFileSync(join(memory, 'memory.swappiness'), '0')
    writeFileSync(join(bases.pids, name, 'pids.max'), String(limits.processes))
    const held = memoryWatch(() => read(join(memory, 'memory.stat')), { anonymous: 'rss', cache: 'cache' })
    const cpuMs = () => {
      held.look()
      return readNumber(join(cpuacct, 'cpuacct.usage')) / 1e6
    }
    return {
      ...handleOnRun(folders),
      cpuMs,
      usage: () => ({
        cpuMs: cpuMs(),
        memoryBytes: held.most(readNumber(join(memory, 'memory.max_usage_in_bytes'))),
        oomKills: readKey(read(join(memory, 'memory.oom_control')), 'oom_kill'),
        limitHits: readNumber(join(memory, 'memory.failcnt')),
      }),
    }
  }
}

/** `base` has `memory` and `pids` in its cgroup.subtree_control. */
export function cgroupsV2(base: string): Cgroups {
  return {
    version: 2,
    hierarchies: 1,
    slot(name) {
      const slot = join(base, name)
      mkdirSync(slot)
      writeFileSync(join(slot, 'cgroup.subtree_control'), '+memory +pids')
      return slotOf([slot], (run, limits) => makeRun(join(slot, run), limits))
    },
    list: (prefix) => listIn(base, prefix),
    open: (name) => handleOn([join(base, name)]),
  }
  function makeRun(folder: string, limits: CgroupLimits): RunCgroup {
    mkdirSync(folder)
    writeFileSync(join(folder, 'memory.max'), String(limits.memoryBytes))
    const swap = join(folder, 'memory.swap.max')
    if (existsSync(swap)) writeFileSync(swap, '0')
    writeFileSync(join(folder, 'memory.oom.group'), '1')
    writeFileSync(join(folder, 'pids.max'), String(limits.processes))
    const hasPeak = existsSync(join(folder, 'memory.peak'))
    let seenPeak = 0
    const held = memoryWatch(() => read(join(folder, 'memory.stat')), { anonymous: 'anon', cache: 'file' })
    const cpuMs = () => {
      held.look()
      // Before Linux 5.19 there is no peak: the highest value seen while the run was watched stands in for it.
      if (!hasPeak) seenPeak = Math.max(seenPeak, readNumber(join(folder, 'memory.current')))
      return readKey(read(join(folder, 'cpu.stat')), 'usage_usec') / 1e3
    }
    return {
      ...handleOnRun([folder]),
      cpuMs,
      usage: () => {
        const events = read(join(folder, 'memory.events'))
        const cpu = cpuMs()
        return {
          cpuMs: cpu,
          memoryBytes: held.most(hasPeak ? readNumber(join(folder, 'memory.peak')) : seenPeak),
          oomKills: readKey(events, 'oom_kill'),
          limitHits: readKey(events, 'max'),
        }
      },
    }
  }
}

type Mount = { readonly at: string; readonly root: string; readonly type: string; readonly options: readonly string[] }
export function cgroupMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ')
    const fields = left?.split(' ') ?? []
    const [type, , options] = right?.split(' ') ?? []
    const [root, at] = [fields[3], fields[4]]
    return (type === 'cgroup' || type === 'cgroup2') && root !== undefined && at !== undefined ? [{ at, root, type, options: (options ?? '').split(',') }] : []
  })
}

/** @returns the usable hierarchy, or one line about what is missing. Creates nothing in version 1; in version 2 it enables the controllers below `base`. */
export function findCgroups(asRoot: boolean): Cgroups | { readonly missing: string } {
  const mounts = cgroupMounts(read('/proc/self/mountinfo'))
  const v1 = (controller: string) => mounts.find((mount) => mount.type === 'cgroup' && mount.options.includes(controller))?.at
  const [memory, pids, cpuacct] = [v1('memory'), v1('pids'), v1('cpuacct')]
  if (memory !== undefined && pids !== undefined && cpuacct !== undefined) {
    if (asRoot) return cgroupsV1({ memory, pids, cpuacct })
    return { missing: 'control groups of version 1 can be used by root only: start the arena as root' }
  }
  const unified = mounts.find((mount) => mount.type === 'cgroup2')?.at
  if (unified === undefined)
    return {
      missing:
        'no control groups are mounted under /sys/fs/cgroup (in a container: run it with --privileged, or --cgroupns=private and a writable /sys/fs/cgroup)',
    }
  return findV2(unified, asRoot)
}

function findV2(unified: string, asRoot: boolean): Cgroups | { readonly missing: string } {
  const own = /^0::(.*)$/m.exec(read('/proc/self/cgroup'))?.[1] ?? '/'
  const base = asRoot ? unified : join(unified, own)
  const available = read(join(base, 'cgroup.controllers')).trim().split(' ')
  const lacking = ['memory', 'pids'].filter((controller) => !available.includes(controller))
  if (lacking.length > 0) {
    const cure = asRoot ? 'boot with cgroup_enable=memory' : 'start it by `systemd-run --user --scope -p Delegate=yes npm start`, or as root'
    return { missing: `the control group ${base} has no ${lacking.join(' and ')} controller: ${cure}` }
  }
  const enabled = read(join(base, 'cgroup.subtree_control')).trim().split(' ')
  try {
    if (!['memory', 'pids'].every((controller) => enabled.includes(controller))) enableBelow(base)
  } catch (error) {
    const cure = asRoot ? 'give the container a writable /sys/fs/cgroup' : 'start it by `systemd-run --user --scope -p Delegate=yes npm start`, or as root'
    return { missing: `the control group ${base} cannot be divided (${(error as Error).message}): ${cure}` }
  }
  return cgroupsV2(base)
}

/** A group with processes of its own may not hand controllers down (but for the real root): they move into a leaf first. */
function enableBelow(base: string) {
  const enable = () => writeFileSync(join(base, 'cgroup.subtree_control'), '+memory +pids')
  try {
    enable()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error
    const leaf = join(base, 'arena-host')
    mkdirSync(leaf, { recursive: true })
    for (const pid of pidsIn(base)) moveInto(leaf, pid)
    enable()
  }
}

function moveInto(leaf: string, pid: number) {
  try {
    writeFileSync(join(leaf, 'cgroup.procs'), String(pid))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it has ended meanwhile
  }
}
