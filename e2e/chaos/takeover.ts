/** How soon the work of a worker that died is at work again, as its author's socket tells. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from './crash-points.ts'
import type { ProgressHeard } from './listener.ts'
import { slowProgram } from './work.ts'

/** As many as there are slots over all workers. */
const atOnce = 2
const sleepSeconds = 2
const startsWithinMs = 10_000
const patienceMs = 60_000

/** Hands in programs that are slow and waits until they are at work. */
export async function putToWork({ prober, ledger, place }: Scene, key: string) {
  const heard: ProgressHeard[] = []
  const hear = (progress: ProgressHeard) => void heard.push(progress)
  ledger.progress.add(hear)
  const ids = await Promise.all(Array.from({ length: atOnce }, async (_, each) => (await prober.handIn(slowProgram(place, `${key}-${each}`, sleepSeconds))).id))
  const of = (id: string) => heard.filter((progress) => progress.id === id)
  await waitFor(() => ids.every((id) => of(id).length > 0), startsWithinMs)
  return {
    /**
     * Of each program that was at work at `struckAt` and was begun anew: how long after that, by its first test that is told of again. One that went on
     * belonged to another worker. One that was neither begun anew nor judged counts with all the time it was waited for.
     */
    async restartedMs(struckAt: number): Promise<readonly number[]> {
      const again = (id: string) => {
        const last = of(id).findLast(({ at }) => at <= struckAt)
        return last && of(id).find(({ at, stage, test }) => at > struckAt && (stage === 'compiling' || test <= last.test))
      }
      await waitFor(() => ids.every((id) => prober.listener.has(id) || again(id) !== undefined), patienceMs)
      ledger.progress.delete(hear)
      return ids.flatMap((id) => {
        const restarted = again(id)
        if (restarted === undefined && prober.listener.has(id)) return []
        return [Math.round((restarted?.at ?? performance.now()) - struckAt)]
      })
    },
  }
}

async function waitFor(isSo: () => boolean, withinMs: number): Promise<void> {
  for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt && !isSo(); ) await sleep(5)
}
