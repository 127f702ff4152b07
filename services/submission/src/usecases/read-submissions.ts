import type { ProblemKind, Verdict } from '#contracts/common'
import type { ApiFailure } from '#contracts/errors'
import type { Submission } from '#contracts/submission'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, parseIso, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { type Audience, viewInList, viewSubmission } from '../domain/view.ts'
import { type Found, findContestOwner, findSubmission, listSubmissions } from '../store.ts'
import { findProgress, type Progress } from '../store-lists.ts'

type Reading = Pick<Deps, 'db' | 'clock'> & { readonly isRunning: (submissionId: string) => boolean }
export type ListQuery = {
  contestId?: string
  problemId?: string
  userId?: string
  everybody?: boolean
  verdict?: Verdict
  language?: string
  kind?: ProblemKind
  practice?: boolean
  from?: string
  until?: string
  limit?: number
  before?: string
}

type Whose = Pick<Found, 'contestOwnerId'> & {
  readonly problemOwnerId?: string | undefined
  readonly row: { readonly userId: string; readonly contestId?: string | undefined }
}
/**
 * The owner of a submission sees it as a participant, the owner of its contest and admins as staff, and so does who tries a problem of their own outside of
 * any contest; to everybody else it is not there.
 */
export function audienceOf(caller: UserCaller, found: Whose): Audience | undefined {
  if (caller.role === 'admin') return 'staff'
  if (caller.role === 'teacher' && found.contestOwnerId === caller.userId) return 'staff'
  if (found.problemOwnerId === caller.userId && found.row.userId === caller.userId && found.row.contestId === undefined) return 'staff'
  return found.row.userId === caller.userId ? 'participant' : undefined
}

export async function readSubmission(
  { db, clock, isRunning }: Reading,
  id: string,
  caller: UserCaller,
): Promise<Result<{ submission: Submission; serverNow: string }, { code: 'SUBMISSION_NOT_FOUND' }>> {
  const found = await findSubmission(db, id)
  const audience = found && audienceOf(caller, found)
  if (!found || !audience) return fail({ code: 'SUBMISSION_NOT_FOUND' })
  const now = clock.now()
  return ok({ submission: viewSubmission({ ...found, running: isRunning(id) }, audience, now), serverNow: toIso(now) })
}

export async function readSubmissions(
  { db, clock, isRunning }: Reading,
  query: ListQuery,
  caller: UserCaller,
): Promise<Result<{ submissions: Submission[]; serverNow: string; next?: string }, ApiFailure<'FORBIDDEN' | 'CONTEST_NOT_FOUND' | 'VALIDATION_FAILED'>>> {
  const wanted = await whose(db, query, caller)
  if (!wanted.ok) return wanted
  const span = spanOf(query)
  if (!span.ok) return span
  const limit = query.limit ?? 50
  const now = clock.now()
  const { everybody: _, ...filters } = query
  const found = await listSubmissions(db, { ...filters, ...span.value, userId: wanted.value, limit, viewer: caller, now })
  const submissions = found.flatMap((each) => listed(each, caller, now, isRunning(each.row.id)))
  const last = found.length === limit ? found.at(-1) : undefined
  return ok({ submissions, serverNow: toIso(now), ...(last ? { next: last.row.id } : {}) })
}

/** A day that no calendar has is refused, as a wrong form of one is. */
function spanOf({ from, until }: ListQuery): Result<{ from: Instant | undefined; until: Instant | undefined }, ApiFailure<'VALIDATION_FAILED'>> {
  const given = [from, until].map((iso) => (iso === undefined ? undefined : (parseIso(iso) ?? 'no time')))
  if (given.includes('no time')) return fail({ code: 'VALIDATION_FAILED', details: { where: 'query', problem: 'has a day that no calendar has' } })
  const [first, last] = given as (Instant | undefined)[]
  return ok({ from: first, until: last })
}

const listed = (each: Found, caller: UserCaller, now: Instant, running: boolean) => {
  const audience = audienceOf(caller, each)
  return audience ? [viewInList({ ...each, running }, audience, now)] : []
}

/** Of oneself only, and told to nobody else. */
export async function readProgress({ db, clock }: Pick<Deps, 'db' | 'clock'>, offsetMinutes: number, caller: UserCaller): Promise<Result<Progress, never>> {
  return ok(await findProgress(db, caller.userId, { now: clock.now(), offsetMinutes }))
}

/** Whose submissions: one's own, or (staff of the contest, admins) somebody's or everybody's (`undefined`). */
async function whose(db: Deps['db'], query: ListQuery, caller: UserCaller): Promise<Result<string | undefined, { code: 'FORBIDDEN' | 'CONTEST_NOT_FOUND' }>> {
  const asked = query.everybody ? undefined : (query.userId ?? caller.userId)
  if (asked === caller.userId || caller.role === 'admin') return ok(asked)
  if (caller.role === 'student' || query.contestId === undefined) return fail({ code: 'FORBIDDEN' })
  const owner = await findContestOwner(db, query.contestId)
  if (owner === undefined) return fail({ code: 'CONTEST_NOT_FOUND' })
  return owner === caller.userId ? ok(asked) : fail({ code: 'FORBIDDEN' })
}
