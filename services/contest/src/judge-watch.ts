import { Compile } from 'typebox/compile'
import type { EvaluationStatus } from '#contracts/evaluation'
import { evaluationStatus } from '#contracts/evaluation'
import type { Deps } from '#kit/define-service'
import { type Heard, languagesNow } from './domain/languages.ts'

/** Listens to what the workers say of themselves. Not durable: after a start it knows nothing for up to 5 s. */
export function openJudgeWatch({ bus, clock, log }: Pick<Deps, 'bus' | 'clock' | 'log'>) {
  const heard = new Map<string, Heard>()
  const fits = Compile(evaluationStatus.payload)
  let listening: { stop(): Promise<void> } | undefined

  const hear = (payload: unknown) => {
    if (!fits.Check(payload)) return log.warn({}, 'a worker told its status in an unknown shape')
    const status: EvaluationStatus = payload
    const now = clock.now()
    heard.set(status.workerId, { status, at: now })
    // each start of a worker is a new id
    for (const [id, { at }] of heard) if (now - at > 10 * 60_000) heard.delete(id)
  }
  return {
    now: () => languagesNow([...heard.values()], clock.now()),
    async start() {
      listening = await bus.listen(evaluationStatus.topic, hear)
    },
    async stop() {
      await listening?.stop()
    },
  }
}
