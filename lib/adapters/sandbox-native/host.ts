import type { Log } from '#ports/log'
import type { Cores } from '../runner/cores.ts'
import type { Session } from '../runner/session.ts'
import type { Cgroups, SlotGroups } from './cgroup.ts'
import type { Spawner } from './spawner.ts'

/** A folder of this machine and the path under which programs see it, read-only. */
export type Toolchain = { readonly folder: string; readonly at: string }

/** What every slot of one native sandbox shares: found once, at `openNativeSandbox`. */
export type Host = {
  readonly bwrap: string
  /** Root: no user namespace, own uids per slot. Else: a user namespace, the caller's uid. */
  readonly asRoot: boolean
  /** What makes a box: who starts it, and the folder that it sees as its root; undefined: a bubblewrap for each run, which takes ten times as long. */
  readonly boxes: { readonly spawner: Spawner; readonly view: string /** Holds the joints of all slots. */; readonly joints: string } | undefined
  readonly cgroups: Cgroups
  /** The compiled system call filter, and a file of it for who needs one; undefined on an architecture without a table. */
  readonly filter: Uint8Array | undefined
  readonly seccompFile: string | undefined
  readonly cores: Cores
  /** Pins a run where no runner does; undefined: it is not pinned. */
  readonly taskset: string | undefined
  /** bubblewrap 0.7 and newer; without it a tmpfs is bounded by the run's memory limit alone, to which its pages are charged. */
  readonly sizesTmpfs: boolean
  readonly disablesUserns: boolean
  /** What programs see as /etc. */
  readonly etcFolder: string
  /** What programs see beside the system. */
  readonly toolchains: readonly Toolchain[]
  /** What programs see as /dev; undefined: none could be made, and the machine's own devices are bound. */
  readonly devFolder: string | undefined
  /** Descriptors above ours that this process was started with and that would pass on to every child: runs get /dev/null in their place. */
  readonly inheritedFds: readonly number[]
  /** Private folder of this process. */
  readonly folder: string
  readonly log: Log
}

export type BoxSession = Session & { /** Asks the kernel to let others have the cores before this box. */ giveWay(): void }

export type Slot = {
  readonly host: Host
  readonly index: number
  /** Of tests. */
  readonly uid: number
  /** Of compilers: what they make belongs to another than the tests, which therefore cannot change it. */
  readonly buildUid: number
  /**
   * Holds `box` (what was put and compiled); with the runner `test` and `tmp` (where runs write), without it `out` and `err` (FIFOs).
   */
  readonly folder: string
  /** With the runner: the folder in which its box and its partner's can be joined, seen by their runners alone. */
  readonly joint: string | undefined
  readonly groups: SlotGroups
  /** The runner that serves the slot's box, or waits for the next one. */
  session: BoxSession | undefined
  /** The box that it serves gives way to others. */
  givesWay: boolean
  /** Size of the tmpfs `test` just now. */
  testBytes: number
}

export const firstUid = 60_000
/** Slots at most; half of the uids are tests', half are compilers'. As many more are those of the slots' partners. */
export const mostSlots = 128
export const workFolder = '/box'
