import type { Bytes, Ms } from '#kernel/units'

/**
 * Runs untrusted programs. One `Box` a submission: a writable folder that only this submission's programs see, thrown away when closed.
 * Inside there is no network, no secret, no other box; the system is read-only; every run has its own uid and leaves no process behind.
 */
export interface Sandbox {
  readonly name: 'native' | 'docker'
  readonly contains: 'untrusted'
  /** Languages whose toolchain is present, with the version found: `{ python: '3.11.2' }`. */
  readonly toolchains: Readonly<Record<string, string>>
  open(options?: OpenOptions): Promise<Box>
  /**
   * Two boxes whose programs can talk. It takes the place of one box among those open at once. Undefined: this sandbox cannot join boxes.
   */
  readonly openPair?: (options?: PairOptions) => Promise<Pair>
  /** How many boxes wait ready now, by image, where several images are judged in; 0 for those that have none. */
  readonly warm?: () => ReadonlyMap<string, number>
  close(): Promise<void>
}

export type OpenOptions = {
  /** Where the language's toolchain lies (`LanguageSpec.image`), for adapters that have several; others take no notice. */
  readonly image?: string
  /**
   * Whoever else wants a core has it before this box's programs: for what nobody waits for. What they take of CPU and memory is counted all the same. An adapter
   * does what its machine lets it.
   */
  readonly givesWay?: boolean
  readonly signal?: AbortSignal
}

export interface Box {
  /** Puts a file into the box's work folder, readable but not writable by runs. `name` is a plain file name. */
  put(name: string, content: Uint8Array): Promise<void>
  run(spec: RunSpec): Promise<RunResult>
  /** Reads a file that a run left in the work folder, copied without following links. @returns undefined when absent, no regular file or over `limit`. */
  take(name: string, limit: Bytes): Promise<Uint8Array | undefined>
  /** The regular files that lie in the work folder itself, in no order: what was put and what was compiled. At most 4096. */
  list(): Promise<readonly BoxFile[]>
  /** Kills whatever is left and removes the box. Idempotent. */
  close(): Promise<void>
}

export type PairOptions = OpenOptions & { readonly interactorImage?: string }

/**
 * Two boxes, strangers to each other but for what their programs say in a talk. Neither sees a file, a process or the memory of the other. Both are boxes as any
 * other; while a talk is under way nothing else runs in them.
 */
export interface Pair {
  /** Of the program that is judged. */
  readonly participant: Box
  /** Of the program that judges it. */
  readonly interactor: Box
  /**
   * Runs one program in each box, at once and on one core: each one's stdout is the other's stdin, through the kernel alone. The pipes are made for this talk
   * and gone after it, whatever the programs did with them.
   *
   * Each has its own limits; `output` has no meaning here. When the participant has ended, or closed its stdout, the interactor reads an end of file and
   * its writes break. When the interactor has ended it is the other way round; should it close its stdout and go on, the participant may hear of it
   * some seconds later.
   *
   * Resolves when both have ended: the participant's `stdout` is empty, so is the interactor's.
   */
  talk(spec: TalkSpec): Promise<Talk>
  /** Closes both boxes. Idempotent. */
  close(): Promise<void>
}

export type TalkSpec = {
  readonly participant: TalkerSpec
  readonly interactor: TalkerSpec
  /** Asked when the interactor has ended and the participant has not: shall it be killed? Then it has `signalled` by 9. Default: it goes on to its end. */
  readonly endsParticipant?: (interactor: RunResult) => boolean
  readonly signal?: AbortSignal
}
export type TalkerSpec = Pick<RunSpec, 'argv' | 'env' | 'limits' | 'keepFiles'>

export type Talk = {
  readonly participant: RunResult
  readonly interactor: RunResult
  /**
   * Was the participant's stdout closed when the interactor ended? Then the interactor's end may be a consequence of the participant's, and else the
   * participant's of the interactor's: neither can have heard of the other's end before it happened.
   */
  readonly participantLeftFirst: boolean
  /** Killed as `endsParticipant` said. */
  readonly participantWasEnded: boolean
  /** What the participant wrote, wherever to. What it moved without copying may be missing. */
  readonly participantWrote: Bytes
}

export type BoxFile = { readonly name: string; readonly bytes: number }

export type RunLimits = {
  /** CPU of the whole process tree, user + system. */
  readonly cpu: Ms
  /** Elapsed time, for sleepers. */
  readonly wall: Ms
  /** Memory of the whole tree, swap 0. */
  readonly memory: Bytes
  /** Processes and threads at once. */
  readonly processes: number
  /** Bytes of stdout kept; more is `outputExceeded`. stderr is cut, not punished. */
  readonly output: Bytes
  readonly stderr: Bytes
  /** The longest file that may be written. All files of a run together have bounds of the adapter's own: 64 MiB, or 256 MiB where they are kept; ask for no more. */
  readonly files: Bytes
}

export type RunSpec = {
  /** Absolute path of the program or a name found in the sandbox's own PATH, then its arguments. */
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What stdin yields; the program gets an open read-only descriptor. Default: empty. */
  readonly stdin?: Uint8Array | { readonly file: string }
  readonly limits: RunLimits
  /** Whether files written by this run stay for the next (a compiler) or are wiped (a test). */
  readonly keepFiles: boolean
  readonly signal?: AbortSignal
}

/** How a run ended. A closed list: what an adapter cannot name is a `SandboxFault`, thrown. */
export const runOutcomes = ['exited', 'signalled', 'cpuExceeded', 'wallExceeded', 'memoryExceeded', 'outputExceeded', 'forbiddenSyscall'] as const
export type RunOutcome = (typeof runOutcomes)[number]

export type RunResult = {
  readonly outcome: RunOutcome
  /** For `exited`. */
  readonly exitCode?: number
  /** For `signalled` and `forbiddenSyscall`: the signal's number. */
  readonly signal?: number
  readonly cpu: Ms
  readonly wall: Ms
  /** For `wallExceeded`, where it is known: how long others kept it from a core. No program can lengthen it by what it does itself. */
  readonly starved?: Ms
  /** Peak of the tree. */
  readonly memory: Bytes
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

/** The sandbox itself failed: never the program's fault, never a verdict. */
export class SandboxFault extends Error {
  override readonly name = 'SandboxFault'
  readonly retry: 'now' | 'later' | 'never'
  constructor(message: string, retry: 'now' | 'later' | 'never', cause?: unknown) {
    super(message, { cause })
    this.retry = retry
  }
}
