import type { Submission } from '#contracts/submission'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { type Audience, viewInList, viewSubmission } from '../domain/view.ts'
import { type Found, findContestOwner, findSubmission, listSubmissions } from '../store.ts'

type Reading = Pick<Deps, 'db' | 'clock'> & { readonly isRunning: (submissionId: string) => boolean }
export type ListQuery = { contestId?: string; problemId?: string; userId?: string; everybody?: boolean; limit?: number; before?: string }

/** The owner of a submission sees it as a participant, the owner of its contest and admins as staff; to everybody else it is not there. */
export function audienceOf(caller: UserCaller, found: Pick<Found, 'contestOwnerId'> & { row: { userId: string } }): Audience | undefined {
  if (caller.role === 'admin') return 'staff'
  if (caller.role === 'teacher' && found.contestOwnerId === caller.userId) return 'staff'
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
): Promise<Result<{ submissions: Submission[]; serverNow: string; next?: string }, { code: 'FORBIDDEN' | 'CONTEST_NOT_FOUND' }>> {
  const wanted = await whose(db, query, caller)
  if (!wanted.ok) return wanted
  const limit = query.limit ?? 50
  const found = await listSubmissions(db, { userId: wanted.value, contestId: query.contestId, problemId: query.problemId, before: query.before, limit })
  const now = clock.now()
  const submissions = found.flatMap((each) => listed(each, caller, now, isRunning(each.row.id)))
  const last = found.length === limit ? found.at(-1) : undefined
  return ok({ submissions, serverNow: toIso(now), ...(last ? { next: last.row.id } : {}) })
}

const listed = (each: Found, caller: UserCaller, now: Instant, running: boolean) => {
  const audience = audienceOf(caller, each)
  return audience ? [viewInList({ ...each, running }, audience, now)] : []
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
