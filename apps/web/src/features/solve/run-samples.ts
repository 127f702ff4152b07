/**
 * Every sample run in turn with the program at hand, since a pupil has one run at a time and twelve a minute. Where those are used up the rest is left out
 * and said so, rather than waited for. Pure but for what it is handed.
 */
import type { Problem } from '#contracts/contest'
import type { NewRun, Run } from '#contracts/runs'
import { ApiError } from '../../lib/api-client.ts'
import { type LineDiff, lineDiff } from './line-diff.ts'

export type Sample = NonNullable<Problem['samples']>[number]
export type SampleResult =
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  | { readonly state: 'ran'; readonly run: Run; readonly diff?: LineDiff }
  /** Not run, and why. */
  | { readonly state: 'left'; readonly error: unknown }

export type RunSamplesDeps = {
  /** Asks for a run and waits for its end. */
  readonly run: (body: NewRun) => Promise<Run>
  readonly sleep: (ms: number) => Promise<void>
  readonly onResult: (index: number, result: SampleResult) => void
  /** Another round was begun, or the page was left. */
  readonly isOver: () => boolean
}

const busyTries = 10
const busyPauseMs = 1_000

/** A run of the moment before may still be at work. */
async function runWhenFree({ run, sleep, isOver }: RunSamplesDeps, body: NewRun): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(body)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'RUN_PENDING') || attempt >= busyTries || isOver()) throw error
      await sleep(busyPauseMs)
    }
  }
}

export const resultOf = (run: Run, sample: Pick<Sample, 'output'>): SampleResult => ({
  state: 'ran',
  run,
  ...(run.outcome === 'exited' && run.exitCode === 0 && run.stdoutTruncated !== true && { diff: lineDiff(sample.output, run.stdout ?? '') }),
})

/** Ends at a program that cannot be compiled, and at the first refusal: the samples after it would only meet the same. */
export async function runSamples(deps: RunSamplesDeps, samples: readonly Sample[], bodyOf: (input: string) => NewRun): Promise<void> {
  for (const [index, sample] of samples.entries()) {
    if (deps.isOver()) return
    deps.onResult(index, { state: 'running' })
    try {
      const run = await runWhenFree(deps, bodyOf(sample.input))
      if (deps.isOver()) return
      deps.onResult(index, resultOf(run, sample))
      if (run.outcome === 'compileFailed') return
    } catch (error) {
      if (deps.isOver()) return
      for (let rest = index; rest < samples.length; rest++) deps.onResult(rest, { state: 'left', error })
      return
    }
  }
}
