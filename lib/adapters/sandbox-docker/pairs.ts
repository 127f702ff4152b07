import { minutes } from '#kernel/units'
import type { Clock } from '#ports/clock'
import type { ContainerPair } from './makers.ts'

/**
 * Pairs of containers, one use each. None is made ahead before the first is asked for: most contests have no interactive problem. Where they do, one pair of
 * the same images is made after each that was used, so that the next need not wait for it, and is removed when nobody came for it.
 */
export type Pairs = {
  take(image: string, interactorImage: string): Promise<ContainerPair>
  /** One of these images was used and is closed: there is time to make another. */
  prepare(image: string, interactorImage: string): void
  close(): void
}

const oldest = minutes(10)

type Options = { readonly make: (image: string, otherImage: string) => Promise<ContainerPair>; readonly mostWaiting: number; readonly clock: Clock }
type Waiting = { readonly made: Promise<ContainerPair>; readonly cancel: () => void }

export function openPairs({ make, mostWaiting, clock }: Options): Pairs {
  const waiting = new Map<string, Waiting>()
  let isClosed = false
  const keyOf = (...images: readonly string[]) => images.join(' ')
  const pick = (key: string): Waiting | undefined => {
    const found = waiting.get(key)
    waiting.delete(key)
    found?.cancel()
    return found
  }
  const discard = (key: string) => void pick(key)?.made.then(discardPair, () => undefined)
  return {
    async take(image, interactorImage) {
      const ready = await pick(keyOf(image, interactorImage))?.made.catch(() => undefined)
      if (ready?.every((container) => !container.isDead())) return ready
      if (ready !== undefined) discardPair(ready)
      return await make(image, interactorImage)
    },
    prepare(image, interactorImage) {
      const key = keyOf(image, interactorImage)
      if (isClosed || waiting.has(key)) return
      const [first] = waiting.keys()
      if (first !== undefined && waiting.size >= mostWaiting) discard(first)
      const made = make(image, interactorImage)
      made.catch(() => undefined) // who takes it makes another, and hears of it then
      waiting.set(key, { made, cancel: clock.after(oldest, () => discard(key)) })
    },
    close() {
      isClosed = true
      for (const key of [...waiting.keys()]) discard(key)
    },
  }
}

const discardPair = (pair: ContainerPair): void => {
  for (const container of pair) container.discard()
}
