import type { ApiFailure } from '#contracts/errors'
import { textLanguage } from '#contracts/languages'
import { type NewRun, runInputBytes, standardRunLimits } from '#contracts/runs'
import { fail, ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import { decidePlace, decideProgram, type PlaceFailure, type ProgramFailure, type SubmitFacts, type Submitter, utf8Bytes } from './submit.ts'

/**
 * May `by` try this program at `now`? The place of a run is that of a submission (what cannot be handed in cannot be tried either), but nothing of it
 * counts: neither attempts nor pending submissions matter.
 *
 * Runs are bounded by user, never by address: a school shares one. One at a time, so that nobody holds two of the judge's slots; twelve a minute is one
 * every five seconds, more than anybody reads the answers of, and a class of forty at that pace still leaves two cores time for what counts.
 */
export const runsPerMinute = 12
const minuteMs = 60_000
/** Not begun after this long: the judge is too busy or away, and the author has given up. */
export const runPatienceMs = 3 * minuteMs
/** Told as a fault after this long: one begun at the last moment has compiled and run by then. */
export const runGivenUpMs = runPatienceMs + 2 * minuteMs
export const runKeptMs = 60 * minuteMs

export type RunFacts = {
  /** Undefined: no problem was named. */
  readonly place: Pick<SubmitFacts, 'contest' | 'problem' | 'registration'> | undefined
  readonly judged: SubmitFacts['judged']
  /** The caller's own of the last minute at least, newest first, and all that are queued. */
  readonly recent: readonly { readonly createdAt: Instant; readonly isQueued: boolean }[]
}
export type RunFailure = PlaceFailure | ProgramFailure | ApiFailure<'RUN_PENDING' | 'INPUT_TOO_LARGE' | 'TOO_MANY_REQUESTS'>
export type AllowedRun = { readonly problem: { readonly id: string; readonly version: number } | null }

export function decideRun(facts: RunFacts, by: Submitter, draft: NewRun, now: Instant): Result<AllowedRun, RunFailure> {
  const place = facts.place && 'problemId' in draft ? decidePlace(facts.place, by, draft, now) : ok(undefined)
  if (!place.ok) return place
  if (draft.language === textLanguage) return fail({ code: 'LANGUAGE_UNKNOWN', details: { language: textLanguage } }) // it is no program
  const fits = decideProgram(place.value?.problem ?? anyProgram, facts.judged, draft)
  if (!fits.ok) return fits
  if (utf8Bytes(draft.input) > runInputBytes) return fail({ code: 'INPUT_TOO_LARGE', details: { limitBytes: runInputBytes } })
  const pace = decidePace(facts.recent, now)
  if (!pace.ok) return pace
  if (!place.value) return ok({ problem: null })
  const { problem, inContest } = place.value
  return ok({ problem: { id: problem.id, version: inContest?.version ?? problem.version } })
}

const anyProgram = { kind: 'program', languages: undefined, sourceBytes: standardRunLimits.sourceBytes } as const

function decidePace(recent: RunFacts['recent'], now: Instant): Result<true, RunFailure> {
  if (recent.some((run) => run.isQueued)) return fail({ code: 'RUN_PENDING', details: { retryAfterSeconds: 1 } })
  const lastMinute = recent.map((run) => run.createdAt).filter((at) => at > now - minuteMs)
  const first = lastMinute.sort((a, b) => b - a)[runsPerMinute - 1]
  return first === undefined ? ok(true) : fail({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: Math.ceil((first + minuteMs - now) / 1000) } })
}
