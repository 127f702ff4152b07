import type { ContestFormat, ProblemKind } from '#contracts/common'
import type { ApiFailure } from '#contracts/errors'
import { languages, textLanguage } from '#contracts/languages'
import type { Submit } from '#contracts/submission'
import { fail, ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import { readableAnswer } from './answer.ts'

const allLanguages = languages.map((language) => language.id)

/** A user may have this many submissions without a verdict at once: more would only wait behind their own. */
export const maxPending = 10

export type ContestFacts = {
  readonly id: string
  readonly ownerId: string
  readonly format: ContestFormat
  readonly startsAt: Instant | undefined
  readonly endsAt: Instant | undefined
  readonly isGone: boolean
  readonly problems: readonly { readonly problemId: string; readonly version: number; readonly label: string; readonly maxAttempts: number | null }[]
}
export type ProblemFacts = {
  readonly id: string
  readonly version: number
  readonly ownerId: string
  readonly kind: ProblemKind
  readonly isPublic: boolean
  readonly isDeleted: boolean
  readonly languages: readonly string[] | undefined
  readonly sourceBytes: number
  readonly optionIds: readonly string[]
  readonly multiple: boolean
}
export type RegistrationFacts = { readonly startedAt: Instant; readonly endsAt: Instant | undefined }

/** Everything a decision on one submission needs, as of one moment. `undefined`: not known here. */
export type SubmitFacts = {
  readonly contest: ContestFacts | undefined
  readonly problem: ProblemFacts | undefined
  readonly registration: RegistrationFacts | undefined
  readonly pendingCount: number
  /** Earlier submissions of this user to this problem in this contest. */
  readonly attemptCount: number
  /** Languages that some judge has; undefined: no judge was heard of, so all are taken, and wait. */
  readonly judged: ReadonlySet<string> | undefined
}
export type Submitter = { readonly userId: string; readonly role: 'student' | 'teacher' | 'admin' }
export type Accepted = {
  readonly problemVersion: number
  readonly kind: ProblemKind
  readonly label: string | null
  readonly lane: 'quiz' | 'contest' | 'practice'
  readonly stopAtFirstFailure: boolean
}
export type PlaceFailure = ApiFailure<'CONTEST_NOT_FOUND' | 'PROBLEM_NOT_FOUND' | 'CONTEST_NOT_RUNNING' | 'NOT_REGISTERED'>
export type ProgramFailure = ApiFailure<'ANSWER_KIND_MISMATCH' | 'LANGUAGE_UNKNOWN' | 'LANGUAGE_NOT_INSTALLED' | 'SOURCE_TOO_LARGE'>
export type SubmitFailure = PlaceFailure | ProgramFailure | ApiFailure<'TOO_MANY_PENDING' | 'NO_ATTEMPTS_LEFT' | 'ANSWER_UNREADABLE'>

/** May `by` hand in `draft` at `now`? Pure: rows and time come in as values, the caller does the writing. */
export function decideSubmit(facts: SubmitFacts, by: Submitter, draft: Submit, now: Instant): Result<Accepted, SubmitFailure> {
  const place = decidePlace(facts, by, draft, now)
  if (!place.ok) return place
  const { problem, inContest } = place.value
  const fits = decideContent(problem, facts.judged, draft)
  if (!fits.ok) return fits
  if (facts.pendingCount >= maxPending) return fail({ code: 'TOO_MANY_PENDING', details: { limit: maxPending } })
  const limit = inContest?.maxAttempts
  if (limit != null && facts.attemptCount >= limit) return fail({ code: 'NO_ATTEMPTS_LEFT', details: { limit } })
  return ok({
    problemVersion: inContest?.version ?? problem.version,
    kind: problem.kind,
    label: inContest?.label ?? null,
    lane: problem.kind !== 'program' ? 'quiz' : inContest ? 'contest' : 'practice',
    stopAtFirstFailure: facts.contest?.format === 'icpc',
  })
}

export type Place = { readonly problem: ProblemFacts; readonly inContest: ContestFacts['problems'][number] | undefined }
type Target = { readonly contestId?: string; readonly problemId: string }
type PlaceFacts = Pick<SubmitFacts, 'contest' | 'problem' | 'registration'>

/** Where `by` may work on this problem at `now`: in the contest named, else as practice. */
export const decidePlace = (facts: PlaceFacts, by: Submitter, target: Target, now: Instant): Result<Place, PlaceFailure> =>
  target.contestId === undefined ? decidePractice(facts.problem, by) : decideContest(facts, target, now)

/** Without a contest: a public problem, or one's own (admins: any). What may not be seen is not there. */
function decidePractice(problem: ProblemFacts | undefined, by: Submitter): Result<Place, PlaceFailure> {
  if (!problem || problem.isDeleted) return fail({ code: 'PROBLEM_NOT_FOUND' })
  const maySee = problem.isPublic || problem.ownerId === by.userId || by.role === 'admin'
  return maySee ? ok({ problem, inContest: undefined }) : fail({ code: 'PROBLEM_NOT_FOUND' })
}

/** The participant's own clock decides where there is one; the contest's end is never passed. */
function decideContest({ contest, problem, registration }: PlaceFacts, target: Target, now: Instant): Result<Place, PlaceFailure> {
  if (!contest || contest.isGone) return fail({ code: 'CONTEST_NOT_FOUND' })
  if (contest.startsAt !== undefined && now < contest.startsAt) return fail({ code: 'CONTEST_NOT_RUNNING' })
  if (contest.endsAt !== undefined && now >= contest.endsAt) return fail({ code: 'CONTEST_NOT_RUNNING' })
  if (!registration) return fail({ code: 'NOT_REGISTERED' })
  if (now < registration.startedAt || (registration.endsAt !== undefined && now >= registration.endsAt)) return fail({ code: 'CONTEST_NOT_RUNNING' })
  const inContest = contest.problems.find((each) => each.problemId === target.problemId)
  if (!inContest || !problem) return fail({ code: 'PROBLEM_NOT_FOUND' })
  return ok({ problem, inContest })
}

function decideContent(problem: ProblemFacts, judged: SubmitFacts['judged'], draft: Submit): Result<true, SubmitFailure> {
  return 'source' in draft ? decideProgram(problem, judged, draft) : readableAnswer(problem, draft.answer)
}

/** Does the problem take this program at all, and can anybody judge it? What nobody can would end among the dead letters. */
export function decideProgram(
  problem: Pick<ProblemFacts, 'kind' | 'languages' | 'sourceBytes'>,
  judged: SubmitFacts['judged'],
  { language, source }: { readonly language: string; readonly source: string },
): Result<true, ProgramFailure> {
  if (problem.kind !== 'program') return fail({ code: 'ANSWER_KIND_MISMATCH', details: { kind: problem.kind } })
  if (!(problem.languages ?? allLanguages).includes(language)) return fail({ code: 'LANGUAGE_UNKNOWN', details: { language } })
  if (language !== textLanguage && judged !== undefined && !judged.has(language)) return fail({ code: 'LANGUAGE_NOT_INSTALLED', details: { language } })
  if (utf8Bytes(source) > problem.sourceBytes) return fail({ code: 'SOURCE_TOO_LARGE', details: { limitBytes: problem.sourceBytes } })
  return ok(true)
}

/** Languages that any of these judges has; undefined when none of them has told of any (it is starting, or there is no sandbox): then work waits for it. */
export function languagesOf(judges: readonly { readonly toolchains: Readonly<Record<string, string>> }[]): SubmitFacts['judged'] {
  const found = new Set(judges.flatMap(({ toolchains }) => Object.keys(toolchains)))
  return found.size > 0 ? found : undefined
}

/** Length in UTF-8 without making the bytes. */
export function utf8Bytes(text: string): number {
  let size = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4
  }
  return size
}
