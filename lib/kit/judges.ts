import { Compile } from 'typebox/compile'
import { type EvaluationStatus, evaluationStatus } from '#contracts/evaluation'
import type { Instant } from '#kernel/time'
import type { Deps } from './define-service.ts'

/** What a worker last said of itself, and when that was heard. */
export type HeardJudge = { readonly status: EvaluationStatus; readonly at: Instant }

/** Three broadcasts missed: the worker is gone. */
export const judgeSilentMs = 15_000
const forgottenMs = 10 * 60_000

/** Listens to what the workers say of themselves. Not durable: after a start it knows nothing for up to 5 s. Each start of a worker is a new id. */
export function openJudges({ bus, clock, log }: Pick<Deps, 'bus' | 'clock' | 'log'>) {
  const judges = new Map<string, HeardJudge>()
  const fits = Compile(evaluationStatus.payload)
  let listening: { stop(): Promise<void> } | undefined

  const hear = (payload: unknown) => {
    if (!fits.Check(payload)) return log.warn({}, 'a worker told its status in an unknown shape')
    const now = clock.now()
    judges.set(payload.workerId, { status: payload, at: now })
    for (const [id, { at }] of judges) if (now - at > forgottenMs) judges.delete(id)
  }
  return {
    /** Of the last ten minutes, those that are gone by now included. */
    heard: (): readonly HeardJudge[] => [...judges.values()],
    living: (): readonly HeardJudge[] => [...judges.values()].filter(({ at }) => clock.now() - at < judgeSilentMs),
    async start() {
      listening = await bus.listen(evaluationStatus.topic, hear)
    },
    async stop() {
      await listening?.stop()
    },
  }
}
