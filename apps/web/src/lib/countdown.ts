/** Whole seconds left, never negative; the last started second counts as one, so that 0 means over. */
export const secondsLeft = (endsAtMs: number, nowMs: number) => Math.max(0, Math.ceil((endsAtMs - nowMs) / 1000))

const two = (n: number) => String(n).padStart(2, '0')

export type CountdownParts = { readonly days: number; readonly clock: string }

/** `1:02:03` under a day, `02:03` under an hour; whole days beside it. */
export function countdownParts(seconds: number): CountdownParts {
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = seconds % 60
  return { days, clock: hours > 0 || days > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}` }
}

/** Screen readers hear the time at these moments only (seconds left), not each second. */
export const announceAt: readonly number[] = [3600, 1800, 600, 300, 60, 10]
