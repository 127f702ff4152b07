import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until `check` stops throwing and gives back what it answers; fails with its last complaint after `deadlineMs` (default 5 s).
 * Instead of a sleep: quick when all is well, patient when the machine is busy.
 */
export async function eventually<T>(check: () => T | Promise<T>, deadlineMs = 5_000): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
      await sleep(pause)
    }
  }
}
