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
  /** @param options.image where the language's toolchain lies (`LanguageSpec.image`), for adapters that have several; others take no notice. */
  open(options?: { readonly image?: string; readonly signal?: AbortSignal }): Promise<Box>
  /** How many boxes wait ready now, by image, where several images are judged in; 0 for those that have none. */
  readonly warm?: () => ReadonlyMap<string, number>
  close(): Promise<void>
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
