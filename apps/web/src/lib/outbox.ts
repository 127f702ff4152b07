/**
 * What was handed in and has no clear answer yet. Each item is stored with its Idempotency-Key before it is first sent, and goes out again (on a line that
 * came back, after a login, by a timer with growing and jittered pauses) until the server has taken or refused it; however often it is sent, it counts
 * once. One tab at a time sends, and only what belongs to who is logged in. What may not change: an item leaves the store only when it was taken,
 * refused in its sender's face, or cancelled by its owner. The server's clock decides whether it came in time.
 */
import type { Submit } from '#contracts/submission'
import { ApiError, backOffMs } from './api-client.ts'
import { createStore, type Store } from './store.ts'

export type Refusal = {
  readonly code: ApiError['code']
  readonly message: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
}
export type OutboxItem = {
  readonly key: string
  readonly userId: string
  readonly body: Submit
  /** Of the problem, for who reads the list. */
  readonly title?: string
  /** The page it was written on. */
  readonly path: string
  /** By the server's clock as far as known, milliseconds. */
  readonly madeAt: number
  /** Refused while nobody looked: kept until its owner has seen it, and never sent again. */
  readonly refused?: Refusal
}
export type NewItem = Pick<OutboxItem, 'userId' | 'body' | 'title' | 'path'>

export type OutboxStore = {
  readonly list: () => Promise<readonly OutboxItem[]>
  readonly put: (item: OutboxItem) => Promise<void>
  readonly remove: (key: string) => Promise<void>
}
export type OutboxDeps = {
  readonly store: OutboxStore
  /** Must not send under another account than the item's: throws a 401 instead. */
  readonly send: (item: OutboxItem) => Promise<{ readonly id: string }>
  /** Who is logged in. */
  readonly who: () => string | undefined
  readonly now: () => number
  readonly newKey: () => string
  readonly random: () => number
  /** Runs `work` while no other tab runs its own. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>
  /** @returns how to call it off */
  readonly after: (ms: number, work: () => void) => () => void
}
export type Sent = {
  readonly item: OutboxItem
  readonly id: string
  /** It went out by itself, not under somebody's finger. */
  readonly late: boolean
}
export type Outbox = {
  /** Those of who is logged in, oldest first. */
  readonly items: Store<readonly OutboxItem[]>
  /**
   * Stores it and sends it once. The same body again, while it waits, is the same submission.
   * @returns undefined when no clear answer came: it waits and goes out by itself. Throws a refusal; after a 401 it waits for the login.
   */
  readonly handIn: (made: NewItem) => Promise<{ readonly id: string } | undefined>
  /** Sends what waits, if anything does. The line may be back, somebody logged in, or somebody pressed. */
  readonly nudge: () => void
  readonly cancel: (key: string) => Promise<void>
  /** Another tab changed it, or another person is logged in. */
  readonly reload: () => Promise<void>
  readonly onSent: (listener: (sent: Sent) => void) => () => void
}

/** 401 waits for a login; the others for a better time. */
const waits = (error: ApiError) => error.isAmbiguous || error.status === 401 || error.status === 429
const refusalOf = ({ code, message, status, details }: ApiError): Refusal => ({ code, message, status, details })
export const errorOfRefusal = ({ code, message, status, details }: Refusal) => new ApiError(code, message, { status, details })

const firstPauseMs = 1_500
const longestPauseMs = 60_000

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the closure is the object; its functions are short and share the items
export function createOutbox(deps: OutboxDeps): Outbox {
  const items = createStore<readonly OutboxItem[]>([])
  const listeners = new Set<(sent: Sent) => void>()
  /** In this tab; an item is not sent twice at the same time. */
  const underWay = new Map<string, Promise<{ readonly id: string }>>()
  /** Keys of what is being handed in by somebody who looks on. */
  const watched = new Set<string>()
  let flushing: Promise<void> | undefined
  let isAskedAgain = false
  let failures = 0
  let cancelTimer: (() => void) | undefined

  async function reload(): Promise<void> {
    const own = deps.who()
    const listed = await deps.store.list()
    if (own !== deps.who()) return // whoever came meanwhile reloads
    items.set(listed.filter(({ userId }) => userId === own).sort((a, b) => a.madeAt - b.madeAt))
  }
  async function keep(item: OutboxItem): Promise<void> {
    await deps.store.put(item)
    await reload()
  }
  async function drop(key: string): Promise<void> {
    await deps.store.remove(key)
    await reload()
  }

  function send(item: OutboxItem, late: boolean): Promise<{ readonly id: string }> {
    const known = underWay.get(item.key)
    if (known !== undefined) return known
    const sending = deps
      .send(item)
      .then(async (answer) => {
        await drop(item.key)
        for (const listener of [...listeners]) listener({ item, id: answer.id, late })
        return answer
      })
      .finally(() => underWay.delete(item.key))
    underWay.set(item.key, sending)
    return sending
  }

  /** @returns whether the next one may be tried */
  async function trySending(item: OutboxItem): Promise<boolean> {
    // a look at what waits can come while somebody hands in: what is refused then is told to their face, and not kept
    const isWatched = watched.has(item.key)
    try {
      await send(item, true)
      failures = 0
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!waits(error)) {
        if (!isWatched) await keep({ ...item, refused: refusalOf(error) })
        return true
      }
      if (error.status !== 401) later(error)
      return false
    }
  }
  function later(error: ApiError): void {
    const named = (Number(error.details.retryAfterSeconds) || 0) * 1000
    const pauseMs = Math.max(named, backOffMs(failures++, deps.random(), firstPauseMs, longestPauseMs))
    cancelTimer?.()
    cancelTimer = deps.after(Math.min(pauseMs, longestPauseMs), nudge)
  }
  async function flush(): Promise<void> {
    await reload()
    if (waiting().length === 0) return
    await deps.exclusive(async () => {
      await reload() // another tab may have sent some
      for (const { key } of waiting()) {
        const item = waiting().find((each) => each.key === key) // it may have been answered or cancelled meanwhile
        if (item === undefined || isInHand(key)) continue
        if (deps.who() !== item.userId || !(await trySending(item))) return
      }
    })
  }
  /** It is about to be sent, or was answered and is about to go, under somebody's finger: what they are told must be all that comes of it. */
  const isInHand = (key: string) => watched.has(key) && !underWay.has(key)
  const waiting = () => items.get().filter(({ refused }) => refused === undefined)

  function nudge(): void {
    cancelTimer?.()
    cancelTimer = undefined
    if (flushing !== undefined) {
      isAskedAgain = true
      return
    }
    flushing = flush().finally(() => {
      flushing = undefined
      if (!isAskedAgain) return
      isAskedAgain = false
      nudge()
    })
  }

  return {
    items,
    async handIn(made) {
      const text = JSON.stringify(made.body)
      const same = (await deps.store.list()).find((each) => each.userId === made.userId && !each.refused && JSON.stringify(each.body) === text)
      const item = same ?? { ...made, key: deps.newKey(), madeAt: deps.now() }
      watched.add(item.key)
      try {
        await keep(item)
        return await send(item, false)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (error.isAmbiguous) {
          later(error)
          return undefined
        }
        // Logged out meanwhile: nothing was taken, and after the next login it goes out under the same key.
        if (error.status !== 401) await drop(item.key)
        throw error
      } finally {
        watched.delete(item.key)
      }
    },
    nudge,
    cancel: drop,
    reload,
    onSent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
