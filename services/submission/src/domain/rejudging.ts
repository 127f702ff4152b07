import type { Verdict } from '#contracts/common'
import type { Points } from '#contracts/judging'
import type { RejudgingFilter, RejudgingState } from '#contracts/rejudging'
import { fail, ok, type Result } from '#kernel/result'

/** What a judging came to; `fault`: nobody could say. */
export type Side = { readonly verdict: Verdict | 'fault'; readonly score: number; readonly points?: Points }

/** Whether anybody would see a difference: verdict, score, points or those of a subtask. */
export const isChanged = (before: Side, after: Side): boolean =>
  before.verdict !== after.verdict || before.score !== after.score || !samePoints(before.points, after.points)

const samePoints = (a: Points | undefined, b: Points | undefined): boolean =>
  a === undefined || b === undefined
    ? a === b
    : a.milli === b.milli &&
      a.maxMilli === b.maxMilli &&
      a.groups.length === b.groups.length &&
      a.groups.every(({ name, milli, maxMilli }, at) => {
        const other = b.groups[at]
        return other?.name === name && other.milli === milli && other.maxMilli === maxMilli
      })

/** `nothing`: it was done before. */
export type Step = 'go' | 'nothing'
export function decideApply(state: RejudgingState): Result<Step, { code: 'REJUDGING_NOT_READY' | 'REJUDGING_DISCARDED' }> {
  switch (state) {
    case 'judging':
      return fail({ code: 'REJUDGING_NOT_READY' })
    case 'ready':
      return ok('go')
    case 'applied':
      return ok('nothing')
    case 'discarded':
      return fail({ code: 'REJUDGING_DISCARDED' })
  }
}
export function decideDiscard(state: RejudgingState): Result<Step, { code: 'REJUDGING_APPLIED' }> {
  switch (state) {
    case 'judging':
    case 'ready':
      return ok('go')
    case 'applied':
      return fail({ code: 'REJUDGING_APPLIED' })
    case 'discarded':
      return ok('nothing')
  }
}

/** Of what a filter names, who it belongs to; undefined: it is not named, or there is no such thing. */
export type Owners = { readonly contest: string | undefined; readonly problem: string | undefined }
type By = { readonly userId: string; readonly role: 'student' | 'teacher' | 'admin' }
/**
 * Which part of the filter a caller may have judged again: everything of their own contest; of their own problem what was practised, since contests of others
 * are not theirs to change. Admins anything. What is not theirs is not there.
 */
export function decideScope(
  filter: RejudgingFilter,
  by: By,
  owners: Owners,
): Result<'any' | 'practice', { code: 'FORBIDDEN' | 'CONTEST_NOT_FOUND' | 'PROBLEM_NOT_FOUND' }> {
  if (filter.contestId !== undefined && owners.contest === undefined) return fail({ code: 'CONTEST_NOT_FOUND' })
  if (filter.contestId === undefined && filter.problemId !== undefined && owners.problem === undefined) return fail({ code: 'PROBLEM_NOT_FOUND' })
  if (by.role === 'admin') return ok('any')
  if (by.role === 'student') return fail({ code: 'FORBIDDEN' })
  if (filter.contestId !== undefined) return owners.contest === by.userId ? ok('any') : fail({ code: 'CONTEST_NOT_FOUND' })
  if (filter.problemId !== undefined) return owners.problem === by.userId ? ok('practice') : fail({ code: 'PROBLEM_NOT_FOUND' })
  return fail({ code: 'FORBIDDEN' })
}
