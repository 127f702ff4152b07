/** Seeded random numbers (mulberry32): the same seed gives the same tests on every machine. */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }
  ints(count: number, low: number, high: number): number[] {
    return Array.from({ length: count }, () => this.int(low, high))
  }
  pick<T>(from: readonly T[]): T {
    return from[this.int(0, from.length - 1)] as T
  }
  /** `count` different whole numbers from `low` to `high`, growing. */
  distinct(count: number, low: number, high: number): number[] {
    const seen = new Set<number>()
    while (seen.size < count) seen.add(this.int(low, high))
    return [...seen].sort((a, b) => a - b)
  }
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items]
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T]
    }
    return shuffled
  }
}
