import { type Ms, minutes, seconds } from '#kernel/units'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import { openShelf, type Warm } from './shelf.ts'
import { fadedUses, planWarm, type Uses } from './warm-plan.ts'

/**
 * Warm containers, one use each. A start takes 0.2 s of waiting and as much CPU; here the waiting is hidden. The CPU cannot be hidden, so it is
 * spent when it takes least from the judging: one container at a time, and only while no box is open, or while an image that is in use has none
 * left and not every slot is at work. Under full load the pool runs dry, and each box has its own made: then no more is started than slots judge.
 *
 *   making ──▶ waiting ──▶ taken (its box's from then on, never back)
 *      │          └──────▶ dead, too old, or no more wanted: discarded
 *      └──▶ failed: tried again after a pause that grows
 */
export type Pool<W extends Warm> = {
  /** One that is alive, warm if there is one. Each is followed by `closed` once. @throws what making one threw, or the signal's reason. */
  take(image: string, signal?: AbortSignal): Promise<W>
  /** A box was closed: there may be time to make others. */
  closed(): void
  /** How many wait, by image. */
  waiting(): ReadonlyMap<string, number>
  close(): void
}
export type PoolOptions<W extends Warm> = {
  readonly images: readonly string[]
  readonly slots: number
  readonly make: (image: string) => Promise<W>
  /** What was made before and is as good as new. */
  readonly first?: ReadonlyMap<string, W>
  readonly clock: Clock
  readonly log: Log
}

const shortestPause = seconds(1)
const longestPause = seconds(10)
/** None grows older than this by waiting, so one of two hours belongs to nobody (`isAbandoned`). */
const oldest = minutes(30)
const retireEvery = minutes(5)

export function openPool<W extends Warm>({ images, slots, make, clock, log, first }: PoolOptions<W>): Pool<W> {
  const uses = countUses(clock)
  const rest = openRest({ clock, log, onEnd: () => refill() })
  const shelf = openShelf<W>(clock, () => !isClosed && rest.begin('a container that waited has ended'))
  let making: { readonly image: string; readonly made: Promise<W>; isTaken: boolean } | undefined
  let [busy, isClosed] = [0, false]

  const refill = () => {
    if (isClosed || rest.isOn() || making !== undefined) return
    const counts = uses.now()
    const image = [...planWarm(images, counts, slots)]
      .filter(([each, wanted]) => shelf.count(each) < wanted)
      .map(([each]) => each)
      .filter((each) => busy === 0 || (busy < slots && shelf.count(each) === 0 && (counts.get(each) ?? 0) > 0))
      .sort((a, b) => shelf.count(a) - shelf.count(b) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0]
    if (image !== undefined) begin(image)
  }
  const begin = (image: string) => {
    const current = { image, made: make(image), isTaken: false }
    making = current
    current.made
      .then(
        (warm) => {
          rest.forget()
          if (!current.isTaken) shelf.put(image, warm)
        },
        (error: unknown) => rest.begin((error as Error).message),
      )
      .finally(() => {
        making = undefined
        refill()
      })
  }
  const takeOne = async (image: string, signal: AbortSignal | undefined): Promise<W> => {
    const warm = shelf.take(image)
    if (warm !== undefined) return warm
    const begun = making !== undefined && making.image === image && !making.isTaken ? making : undefined
    if (begun !== undefined) begun.isTaken = true
    return await orAbort(begun?.made ?? make(image), signal, (late) => shelf.put(image, late))
  }
  let cancel = (): void => undefined
  const retireAgain = () => {
    cancel = clock.after(retireEvery, () => {
      shelf.retire(planWarm(images, uses.now(), slots), oldest)
      refill()
      retireAgain()
    })
  }
  retireAgain()
  for (const [image, warm] of first ?? []) shelf.put(image, warm)
  refill()
  return {
    async take(image, signal) {
      uses.count(image)
      busy += 1
      try {
        return await takeOne(image, signal)
      } catch (error) {
        busy -= 1
        throw error
      } finally {
        refill()
      }
    },
    closed() {
      busy -= 1
      refill()
    },
    waiting: () => new Map(images.map((image) => [image, shelf.count(image)])),
    close() {
      isClosed = true
      cancel()
      rest.close()
      shelf.close()
    },
  }
}

function countUses(clock: Clock) {
  let counts: Uses = new Map()
  let at: number = clock.now()
  const now = () => fadedUses(counts, clock.now() - at)
  return {
    now,
    count(image: string) {
      const faded = now()
      counts = new Map([...faded, [image, (faded.get(image) ?? 0) + 1]])
      at = clock.now()
    },
  }
}

/** After a failure nothing is made ahead for a while, longer each time, so that a broken engine is not asked without end. */
function openRest({ clock, log, onEnd }: { readonly clock: Clock; readonly log: Log; readonly onEnd: () => void }) {
  let pause: Ms = shortestPause
  let cancel: (() => void) | undefined
  return {
    isOn: () => cancel !== undefined,
    begin(reason: string) {
      if (cancel !== undefined) return
      log.warn({ reason, pauseMs: pause }, 'no container is made ahead for a while')
      cancel = clock.after(pause, () => {
        cancel = undefined
        onEnd()
      })
      pause = Math.min(pause * 2, longestPause) as Ms
    },
    forget() {
      pause = shortestPause
    },
    close: () => cancel?.(),
  }
}

/** Waits for what is made, or until aborted; what comes after that is not wasted. */
async function orAbort<W>(made: Promise<W>, signal: AbortSignal | undefined, keep: (late: W) => void): Promise<W> {
  if (signal === undefined) return await made
  let leave = (): void => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason as Error)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
  try {
    return await Promise.race([aborted, made])
  } catch (error) {
    if (signal.aborted) made.then(keep, () => undefined)
    throw error
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
