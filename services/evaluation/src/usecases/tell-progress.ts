import { type EvaluationProgress, evaluationProgress } from '#contracts/evaluation'
import type { EvaluationJob } from '#contracts/submission'
import { ms } from '#kernel/units'
import type { Bus } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import type { Progress } from './evaluate.ts'

/** A judging that is over before this is told of by its verdict alone: nobody could have read more, and it would cost as much as the verdict. */
const quietMs = 300
const everyMs = 100

/**
 * Progress is for the eyes: the latest only, after a moment and then ten times a second at most, not durable, and its failure is nobody's. Quiz answers
 * have none, and neither has what is judged once more, aside: nobody is to see that it is. Nothing is told after `stop`.
 */
export function openProgress(
  { bus, clock, log }: { readonly bus: Bus; readonly clock: Clock; readonly log: Log },
  { submissionId, attempt, userId, contestId, lane }: EvaluationJob,
): { readonly progress: Progress; stop(): void } {
  let latest: EvaluationProgress | undefined
  let mayTellAt = clock.now() + quietMs
  let cancel: (() => void) | undefined
  const tell = () => {
    cancel = undefined
    if (latest === undefined) return
    mayTellAt = clock.now() + everyMs
    bus.broadcast(evaluationProgress.topic, latest).catch((error: unknown) => log.warn({ error: String(error) }, 'progress was not told'))
    latest = undefined
  }
  return {
    progress: (stage, test, of) => {
      if (lane === 'rejudge') return
      latest = { submissionId, attempt, userId, contestId, stage, test, of }
      cancel ??= clock.after(ms(Math.max(0, mayTellAt - clock.now())), tell)
    },
    stop: () => {
      latest = undefined
      cancel?.()
    },
  }
}
