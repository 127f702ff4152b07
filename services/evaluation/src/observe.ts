import type { EvaluationOutcome } from '#contracts/evaluation'
import type { EvaluationJob } from '#contracts/submission'
import type { Metrics, Stage } from '#kit/metrics'
import type { Tracing } from '#kit/tracing'
import type { Clock } from '#ports/clock'
import type { Box, Sandbox } from '#ports/sandbox'

/** What a judging is watched by. Judging itself knows nothing of it: it is given a sandbox that is watched, and says what it told. */
type Watch = { readonly metrics: Metrics; readonly tracing: Tracing; readonly clock: Clock }

/** A sandbox whose boxes are timed and counted, and whose work is part of the trace under way: opening, compiling, and all tests as one span (there may be hundreds). */
export function observedSandbox(sandbox: Sandbox, watch: Watch): Sandbox {
  const { warm } = sandbox
  const stop = warm && watch.metrics.report(() => ({ arena_warm_boxes: [...warm()].map(([image, value]) => ({ labels: { image }, value })) }))
  return {
    ...sandbox,
    close() {
      stop?.()
      return sandbox.close()
    },
    async open(options) {
      const startedAt = performance.now()
      const box = await watch.tracing.span('open a box', { attributes: { 'arena.sandbox': sandbox.name } }, () => sandbox.open(options))
      watch.metrics.observe('arena_stage_seconds', { stage: 'sandbox' }, performance.now() - startedAt)
      return observedBox(box, watch)
    },
  }
}

function observedBox(box: Box, { tracing, clock }: Watch): Box {
  let tests: { readonly startedAt: number; endedAt: number; count: number } | undefined
  return {
    ...box,
    async run(spec) {
      if (spec.keepFiles) return tracing.span('compile', {}, () => box.run(spec))
      tests ??= { startedAt: clock.now(), endedAt: clock.now(), count: 0 }
      try {
        return await box.run(spec)
      } finally {
        tests.count += 1
        tests.endedAt = clock.now()
      }
    },
    async close() {
      if (tests !== undefined) tracing.past('tests', { startedAt: tests.startedAt, endedAt: tests.endedAt, attributes: { 'arena.runs': tests.count } })
      tests = undefined
      await box.close()
    },
  }
}

/** Counts what was told of a job, and its parts. The verdict is nobody's business here (metrics.ts). */
export function observeOutcome({ metrics }: Pick<Watch, 'metrics'>, { lane }: Pick<EvaluationJob, 'lane'>, outcome: EvaluationOutcome): void {
  metrics.add('arena_judgings_total', { lane, end: outcome.type === 'fault' ? `fault of ${outcome.whose}` : 'judged' })
  if (outcome.type === 'fault') return
  const { fetchMs, compileMs, runMs, checkMs } = outcome.stages
  const observe = (stage: Stage, ms: number) => metrics.observe('arena_stage_seconds', { stage }, ms)
  observe('fetch', fetchMs)
  observe('compile', compileMs)
  observe('tests', runMs)
  observe('compare', checkMs)
}
