/** How long each stage of a judging took, in ms of the worker's own clock: a slow judge can be told from a slow program. */
export type StageTimes = { fetchMs: number; compileMs: number; runMs: number; checkMs: number }

export async function timed<T>(times: StageTimes, stage: keyof StageTimes, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await work()
  } finally {
    times[stage] += performance.now() - started
  }
}

export const rounded = ({ fetchMs, compileMs, runMs, checkMs }: StageTimes): StageTimes => ({
  fetchMs: Math.round(fetchMs),
  compileMs: Math.round(compileMs),
  runMs: Math.round(runMs),
  checkMs: Math.round(checkMs),
})
