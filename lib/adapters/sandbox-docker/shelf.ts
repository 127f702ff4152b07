import type { Ms } from '#kernel/units'
import type { Clock } from '#ports/clock'

/** A container that waits for its box. */
export type Warm = {
  isDead(): boolean
  /** Resolves when it is dead. */
  readonly ended: Promise<unknown>
  discard(): void
}

/** Those that wait, by image, the oldest first. What dies or is not wanted is discarded. */
export type Shelf<W extends Warm> = {
  put(image: string, warm: W): void
  /** @returns one that is alive. */
  take(image: string): W | undefined
  count(image: string): number
  /** Discards those beyond `keep` of their image, and those that are too old. */
  retire(keep: ReadonlyMap<string, number>, oldest: Ms): void
  /** Discards all, and whatever is put later. */
  close(): void
}

export function openShelf<W extends Warm>(clock: Clock, onDeath: () => void): Shelf<W> {
  type Place = { readonly warm: W; readonly since: number }
  const places = new Map<string, Place[]>()
  let isClosed = false
  const of = (image: string): Place[] => {
    const found = places.get(image) ?? []
    places.set(image, found)
    return found
  }
  const remove = (image: string, place: Place): boolean => {
    const at = of(image).indexOf(place)
    if (at >= 0) of(image).splice(at, 1)
    return at >= 0
  }
  return {
    put(image, warm) {
      if (isClosed || warm.isDead()) return warm.discard()
      const place = { warm, since: clock.now() }
      of(image).push(place)
      void warm.ended.then(() => {
        if (!remove(image, place)) return
        warm.discard()
        onDeath()
      })
    },
    take(image) {
      for (let next = of(image).shift(); next !== undefined; next = of(image).shift()) {
        if (!next.warm.isDead()) return next.warm
        next.warm.discard()
      }
      return undefined
    },
    count: (image) => of(image).length,
    retire(keep, oldest) {
      for (const [image, waiting] of places) {
        const surplus = waiting.length - (keep.get(image) ?? 0)
        const unwanted = waiting.filter(({ since }, index) => index < surplus || clock.now() - since > oldest)
        for (const place of unwanted) {
          remove(image, place)
          place.warm.discard()
        }
      }
    },
    close() {
      isClosed = true
      for (const waiting of places.values()) for (const { warm } of waiting.splice(0)) warm.discard()
    },
  }
}
