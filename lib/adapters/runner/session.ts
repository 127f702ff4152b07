import type { Readable, Writable } from 'node:stream'
import type { Bytes } from '#kernel/units'
import type { BoxFile, RunResult, RunSpec } from '#ports/sandbox'

/** A runner's two pipes and its life, wherever it runs. */
export type Wire = {
  readonly to: Writable
  readonly from: Readable
  /** What it wrote on stderr so far, for the operator. */
  said(): string
  /** Ends every process of the box at once, by force. Idempotent. */
  kill(): void
  /** Resolves, with how, when no process of the box is left. Never rejects. */
  readonly ended: Promise<string>
}

/** How CPU and memory of a run are measured and bounded. */
export type Accounting =
  /** A control group of its own for each run, made by the runner below these folders (paths as the runner sees them), one a hierarchy. */
  | { readonly kind: 'groups'; readonly folders: readonly string[] }
  /** The container's own read-only group is read before and after, and sampled; processes are bounded by the uid's own limit. */
  | { readonly kind: 'container' }

export type Setup = {
  /** Of tests and of compilers: neither root, unlike each other, and used by no other box of this machine at the same time. */
  readonly testUid: number
  readonly buildUid: number
  /** Compiled system call filter; undefined on an architecture without a table. */
  readonly filter: Uint8Array | undefined
  readonly accounting: Accounting
}

/** One box, as the runner in it serves it: one request at a time. Whatever a call throws is a `SandboxFault` or the run's own abort reason. */
export type Session = {
  /** Resolves when the runner has greeted and is set up. */
  ready(): Promise<void>
  /** Into /build: root's, readable by all, written by nobody. Replaces what lies there. */
  put(name: string, content: Uint8Array): Promise<void>
  /** @returns undefined when absent, no regular file, unreadable or over `limit`. */
  take(name: string, limit: Bytes): Promise<Uint8Array | undefined>
  /** Regular files that lie in /build itself. */
  list(): Promise<readonly BoxFile[]>
  /** `core`: the only one the run may use. */
  run(spec: RunSpec, options?: { readonly core?: number }): Promise<RunResult>
  /** After a fault there is no way back: the box's processes are killed, and every further call throws the same fault. */
  isDead(): boolean
  /** Resolves when no process of it is left. Idempotent. */
  end(): Promise<void>
}

export type OpenSession = (wire: Wire, setup: Setup) => Session
