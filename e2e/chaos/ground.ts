/** What the harness stands on: an arena of either size as a set of named things that can be struck, looked into and asked. */
import type { Role } from '#contracts/common'
import type { ArenaClient } from '#testkit/arena'
import type { Targets } from './plan.ts'

export type Size = 'one' | 'many'

/** A process or server. A signal is sent before the first `await`. */
export type Victim = {
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
  /** In order, where that exists. */
  end?(): Promise<void>
  /** Resolves when it is there again: started, or waited for where it is looked after. */
  revive(): Promise<void>
  /** SIGSTOP of all its processes. @returns the SIGCONT of the same. */
  pause(): () => void
}

export type Ground = {
  readonly size: Size
  readonly targets: Targets
  readonly victims: Readonly<Record<string, Victim>>
  /** Which victim runs a service. */
  hostOf(service: 'submission' | 'leaderboard' | 'notifications'): string
  /** Resets every connection of a link. */
  readonly links: Readonly<Record<string, () => Promise<void>>>
  /** Empties a server; resolves when what it held was told again. */
  readonly emptied: Readonly<Record<string, () => Promise<void>>>
  /** The front door as pupils reach it. */
  readonly url: string
  as(role: Role): Promise<ArenaClient>
  /** The database, as somebody who may read every schema. */
  readerUrl(): string
  /** The database of a service, as that service's own role. */
  dbUrlOf(service: string): string
  /** Keeps the bus from taking anything. @returns how it is let go. */
  holdBus(): Promise<() => Promise<void>>
  /** Computes every board again. @returns what the operator's tool says. */
  rebuildBoards(): Promise<string>
  /** The end of what each process said. */
  log(): string
  stop(): Promise<void>
  /** What is left of it after `stop`: nothing in good days. */
  remains(): readonly string[]
}
