import type { EvaluationOutcome } from '#contracts/evaluation'
import type { EvaluationJob } from '#contracts/submission'
import type { Metrics, Stage } from '#kit/metrics'
import type { Tracing } from '#kit/tracing'
import type { Clock } from '#ports/clock'
import type { Box, Pair, Sandbox } from '#ports/sandbox'

/** What a judging is watched by. Judging itself knows nothing of it: it is given a sandbox that is watched, and says what it told. */
type Watch = { readonly metrics: Metrics; readonly tracing: Tracing; readonly clock: Clock }

/** A sandbox whose boxes are timed and counted, and whose work is part of the trace under way: opening, compiling, and all tests as one span (there may be hundreds). */
export function observedSandbox(sandbox: Sandbox, watch: Watch): Sandbox {
  const { warm, openPair } = sandbox
  const stop = warm && watch.metrics.report(() => ({ arena_warm_boxes: [...warm()].map(([image, value]) => ({ labels: { image }, value })) }))
  const opened = async <T>(open: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now()
    const box = await watch.tracing.span('open a box', { attributes: { 'arena.sandbox': sandbox.name } }, open)
    watch.metrics.observe('arena_stage_seconds', { stage: 'sandbox' }, performance.now() - startedAt)
    return box
  }
  return {
    ...sandbox,
    close() {
      stop?.()
      return sandbox.close()
    },
    open: async (options) => observedBox(await opened(() => sandbox.open(options)), watch),
    ...(openPair && { openPair: async (options) => observedPair(await opened(() => openPair(options)), watch) }),
  }
}

function observedBox(box: Box, watch: Watch): Box {
  const tests = countTests(watch)
  return {
    ...box,
    run: (spec) => (spec.keepFiles ? watch.tracing.span('compile', {}, () => box.run(spec)) : tests.count(() => box.run(spec))),
    async close() {
      tests.tell()
      await box.close()
    },
  }
}

function observedPair(pair: Pair, watch: Watch): Pair {
  const tests = countTests(watch)
  return {
    participant: observedBox(pair.participant, watch),
    interactor: observedBox(pair.interactor, watch),
    talk: (spec) => tests.count(() => pair.talk(spec)),
    async close() {
      tests.tell()
      await pair.close()
    },
  }
}

function countTests({ tracing, clock }: Watch) {
  let tests: { readonly startedAt: number; endedAt: number; count: number } | undefined
  return {
    async count<T>(run: () => Promise<T>): Promise<T> {
      tests ??= { startedAt: clock.now(), endedAt: clock.now(), count: 0 }
      try {
        return await run()
      } finally {
        tests.count += 1
        tests.endedAt = clock.now()
      }
    },
    /** Once: as one span. */
    tell() {
      if (tests !== undefined) tracing.past('tests', { startedAt: tests.startedAt, endedAt: tests.endedAt, attributes: { 'arena.runs': tests.count } })
      tests = undefined
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
