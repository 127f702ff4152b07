/** Asking for a run, and what is said of one. Pure but for what it is handed. */
import type { Problem } from '#contracts/contest'
import type { NewRun, Run } from '#contracts/runs'
import { type Api, ApiError, backOffMs } from '../../lib/api-client.ts'
import { formatCpu, formatMemory } from '../../lib/format.ts'

export type AskDeps = { readonly api: Pick<Api, 'call'>; readonly sleep: (ms: number) => Promise<void>; readonly random: () => number; readonly key: string }
const tries = 4

/** Asks, again under the same key while no clear answer comes (about 5 s in all): a bad line does not run it twice. */
export async function askForRun({ api, sleep, random, key }: AskDeps, body: NewRun): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await api.call('POST /api/runs', { headers: { 'idempotency-key': key }, body })).id
    } catch (error) {
      if (!(error instanceof ApiError && error.isAmbiguous) || attempt + 1 >= tries) throw error
      await sleep(backOffMs(attempt, random(), 800, 4_000))
    }
  }
}

export type RunSaid =
  | 'finished'
  | 'exitCode'
  | 'signalled'
  | 'forbiddenSyscall'
  | 'cpuExceeded'
  | 'wallExceeded'
  | 'memoryExceeded'
  | 'outputExceeded'
  | 'compileFailed'
  | 'fault'

type Params = { readonly code: string; readonly signal: string; readonly time: string; readonly memory: string }

/** Which words say how it ended, and what fills them; undefined while it has not. */
export function endOf(run: Run, language: string): { readonly said: RunSaid; readonly params: Params; readonly isGood: boolean } | undefined {
  if (run.status === 'queued') return undefined
  const { outcome, exitCode, signal, limits } = run
  const params = {
    code: String(exitCode ?? '?'),
    signal: String(signal ?? '?'),
    time: formatCpu(limits?.cpuMs ?? 0, language),
    memory: formatMemory(limits?.memoryBytes ?? 0, language),
  }
  if (run.status === 'fault' || outcome === undefined) return { said: 'fault', params, isGood: false }
  if (outcome !== 'exited') return { said: outcome, params, isGood: false }
  return exitCode === 0 ? { said: 'finished', params, isGood: true } : { said: 'exitCode', params, isGood: false }
}

/** The sample whose input this is to the byte, counted from 1: its output can be laid beside. */
export function sampleOf(problem: Pick<Problem, 'samples'>, input: string | undefined): { readonly index: number; readonly output: string } | undefined {
  const at = problem.samples?.findIndex((sample) => sample.input === input) ?? -1
  const sample = problem.samples?.[at]
  return sample && { index: at + 1, output: sample.output }
}
