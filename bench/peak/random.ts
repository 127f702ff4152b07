/** Chance that can be had again: the same seed, the same numbers. For simulations, not for secrets. */
export type Random = {
  /** From 0 to below 1. */
  readonly uniform: () => number
  /** With that mean. */
  readonly exponential: (mean: number) => number
  /** Log-normal, by its mean and its coefficient of variation (standard deviation over mean). */
  readonly logNormal: (mean: number, variation: number) => number
}

/** PCG-like mixing of a counter (splitmix32): quick, and even enough for queues. */
export function openRandom(seed: number): Random {
  let state = seed | 0
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return {
    uniform,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    logNormal: (mean, variation) => {
      const variance = Math.log(1 + variation * variation)
      return mean * Math.exp(normal() * Math.sqrt(variance) - variance / 2)
    },
  }
}
