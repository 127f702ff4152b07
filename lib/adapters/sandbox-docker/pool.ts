import { type Ms, minutes, seconds } from '#kernel/units'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import { fadedUses, planWarm, type Uses } from './warm-plan.ts'

/**
 * Warm containers, one use each. A start takes 0.2 s of waiting and as much CPU; here the waiting is hidden. The CPU cannot be hidden, so it is
 * spent when it takes least from the judging: one container at a time, and only while no box is open, or while an image has none left and not
 * every slot is at work. Under full load the pool runs dry, and each box makes its own: then no more is started than slots are judging.
 *
 *   making ──▶ ready ──▶ taken (its box's from then on, never back)
 *      │         └─────▶ dead, or too old: discarded
 *      └──▶ failed: tried again after a pause that grows
 */
export type Warm = {
  isDead(): boolean
  /** Resolves when it is dead. */
  readonly ended: Promise<unknown>
  discard(): void
}
export type Pool<W extends Warm> = {
  /** One that is alive, warm if there is one. @throws what making one threw, or the signal's reason. */
  take(image: string, signal?: AbortSignal): Promise<W>
  /** A box was closed: there may be time to make others. */
  closed(): void
  /** How many of each image wait. */
  counts(): Readonly<Record<string, number>>
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
/** No container grows older than this by waiting, so one that is twice as old belongs to nobody (`isAbandoned`). */
const oldest = minutes(30)
const sweepEvery = minutes(5)

type Ready<W> = { readonly warm: W; readonly madeAt: number }
type Making<W> = { readonly image: string; readonly made: Promise<W>; isTaken: boolean }

export function openPool<W extends Warm>({ images, slots, make, clock, log, first }: PoolOptions<W>): Pool<W> {
  const ready = new Map<string, Ready<W>[]>(images.map((image) => [image, []]))
  let making: Making<W> | undefined
  let busy = 0
  let uses: { readonly counts: Uses; readonly at: number } = { counts: new Map(), at: clock.now() }
  let pause: Ms = shortestPause
  let isPausing = false
  let isClosed = false
  const cancels = new Set<() => void>()
  const after = (delay: Ms, act: () => void) => {
    const cancel = clock.after(delay, () => {
      cancels.delete(cancel)
      act()
    })
    cancels.add(cancel)
  }

  const ofImage = (image: string) => ready.get(image) ?? []
  const usesNow = () => fadedUses(uses.counts, clock.now() - uses.at)
  const count = (image: string) => {
    const faded = usesNow()
    uses = { counts: new Map([...faded, [image, (faded.get(image) ?? 0) + 1]]), at: clock.now() }
  }
  /** The image that most wants one, if now is the time. */
  const nextToMake = (): string | undefined => {
    if (isClosed || isPausing || making !== undefined) return undefined
    const counts = usesNow()
    const wanting = [...planWarm(images, counts, slots)]
      .filter(([image, wanted]) => ofImage(image).length < wanted)
      .map(([image]) => image)
      .filter((image) => busy === 0 || (busy < slots && ofImage(image).length === 0 && (counts.get(image) ?? 0) > 0))
    return wanting.sort((a, b) => ofImage(a).length - ofImage(b).length || (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0]
  }
  const add = (image: string, warm: W) => {
    if (isClosed || warm.isDead()) return warm.discard()
    const one = { warm, madeAt: clock.now() }
    ofImage(image).push(one)
    void warm.ended.then(() => {
      const waiting = ofImage(image)
      const at = waiting.indexOf(one)
      if (at < 0) return
      waiting.splice(at, 1)
      warm.discard()
      if (!isClosed) rest('a container that waited has ended')
    })
  }
  /** After a failure nothing is made for a while, so that a broken engine is not asked without end. */
  const rest = (why: string) => {
    if (isPausing) return
    isPausing = true
    log.warn({ reason: why, pauseMs: pause }, 'no container is made ahead for a while')
    after(pause, () => {
      isPausing = false
      refill()
    })
    pause = Math.min(pause * 2, longestPause) as Ms
  }
  const refill = () => {
    const image = nextToMake()
    if (image === undefined) return
    const current: Making<W> = { image, made: make(image), isTaken: false }
    making = current
    current.made
      .then(
        (warm) => {
          pause = shortestPause
          if (!current.isTaken) add(image, warm)
        },
        (error: unknown) => rest((error as Error).message),
      )
      .finally(() => {
        making = undefined
        refill()
      })
  }
  const sweep = () => {
    for (const [image, waiting] of ready) {
      const wanted = planWarm(images, usesNow(), slots).get(image) ?? 0
      const old = waiting.filter(({ madeAt }, index) => clock.now() - madeAt > oldest || index >= wanted)
      for (const each of old) {
        waiting.splice(waiting.indexOf(each), 1)
        each.warm.discard()
      }
    }
    refill()
    after(sweepEvery, sweep)
  }
  after(sweepEvery, sweep)
  for (const [image, warm] of first ?? []) add(image, warm)
  refill()

  const takeReady = (image: string): W | undefined => {
    for (let next = ofImage(image).shift(); next !== undefined; next = ofImage(image).shift()) {
      if (!next.warm.isDead()) return next.warm
      next.warm.discard()
    }
    return undefined
  }
  /** Waits for one in the making; what comes after an abort, or into a closed pool, is not wasted. */
  const wait = async (image: string, made: Promise<W>, signal: AbortSignal | undefined): Promise<W> => {
    if (signal === undefined) return await made
    let leave = () => undefined as unknown
    const aborted = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason as Error)
      signal.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([made, aborted])
    } catch (error) {
      if (signal.aborted)
        made.then(
          (warm) => add(image, warm),
          () => undefined,
        )
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
  return {
    async take(image, signal) {
      count(image)
      busy += 1
      try {
        const warm = takeReady(image)
        if (warm !== undefined) return warm
        if (making !== undefined && making.image === image && !making.isTaken) {
          making.isTaken = true
          return await wait(image, making.made, signal)
        }
        return await wait(image, make(image), signal)
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
    counts: () => Object.fromEntries([...ready].map(([image, waiting]) => [image, waiting.length])),
    close() {
      isClosed = true
      for (const cancel of cancels) cancel()
      for (const waiting of ready.values()) for (const { warm } of waiting.splice(0)) warm.discard()
    },
  }
}
