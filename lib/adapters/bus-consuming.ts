/** What consumers of every bus have in common: when to take, how many of which queue, how long to wait before another try. */
import { type Ms, ms, seconds } from '#kernel/units'
import type { ConsumeOptions } from '#ports/bus'

export const defaultMaxAttempts = 10
/** How long a stopping consumer waits for handlers at work. */
export const defaultGrace = seconds(10)

const retryDelaysMs = [100, 500, 2_000, 10_000, 30_000, 60_000] as const

/** How long a message waits after its failed delivery of this number (from 1), before chance has its say. */
export const plainRetryDelay = (attempt: number): Ms => ms(retryDelaysMs[Math.min(attempt, retryDelaysMs.length) - 1] ?? retryDelaysMs[0])
/** Every delay there is, shortest first. */
export const plainRetryDelays: readonly Ms[] = retryDelaysMs.map(ms)
/** Before the next delivery after the failed one of this number (from 1); a quarter more or less, so that many do not come back at once. */
export const retryDelay = (attempt: number, random = Math.random()): Ms => ms(Math.round(plainRetryDelay(attempt) * (0.75 + random / 2)))

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
/** Whether this counts as a failure of the work: see `Delivery.failures`. */
export const isFailure = (error: unknown) => !(error instanceof Error && error.name === 'Interrupted')
export const isPoison = (error: unknown) => error instanceof Error && error.name === 'Poison'

/** How many more of each queue may be at work, in the order of `queues`. */
export function openRooms({ queues, concurrency = 1, atMost = {} }: ConsumeOptions) {
  const atWork = new Map<string, number>()
  const count = (queue: string, change: number) => atWork.set(queue, (atWork.get(queue) ?? 0) + change)
  const leftOf = (queue: string) => Math.max(0, (atMost[queue] ?? concurrency) - (atWork.get(queue) ?? 0))
  return {
    leftOf,
    left: () => queues.map(leftOf),
    /** @returns how to leave; that says whether the queue has a bound of its own: then it may have been passed over although something waited in it. */
    enter(queue: string): () => boolean {
      count(queue, 1)
      return () => {
        count(queue, -1)
        return atMost[queue] !== undefined
      }
    },
  }
}

/**
 * Takes while there is room and a reason to look: one take at a time, and one more when something was told during it (what it told of may have
 * been committed too late to be seen). A reason that finds no room is kept for `resume`. A take that failed waits for the next reason; the poll
 * gives one each second.
 */
export function openTaking(options: { room(): number; take(room: number): Promise<number>; failed(error: unknown): void }) {
  let wanted = false
  let running: Promise<void> | undefined
  const takeAll = async () => {
    for (let room = options.room(); wanted && room > 0; room = options.room()) {
      wanted = false
      const found = await options.take(room)
      if (found === room) wanted = true // there may be more, for the next free slot
    }
  }
  const want = () => {
    wanted = true
    if (running !== undefined || options.room() <= 0) return
    running = takeAll()
      .catch(options.failed)
      .finally(() => {
        running = undefined
        if (wanted) setImmediate(want)
      })
  }
  return {
    want,
    /** There is room again. A take that was not filled had found all there was, so without a reason told since there is nothing to look for. */
    resume: (isReason: boolean) => {
      if (wanted || isReason) want()
    },
    settled: async () => running,
  }
}
