import type { ProblemKind } from '#contracts/common'
import type { ContestSnapshot } from '#contracts/contest'
import type { VerificationState } from '#contracts/verification'
import { type Instant, toIso } from '#kernel/time'
import { boardFreezesAt, type Contest, defaultPenaltyMinutes, detailOf, feedbackOf, type Place } from './contest.ts'

/** `version` is the one the contest judges by. */
export type PlacedProblem = Place & {
  readonly version: number
  readonly newestVersion: number
  readonly title: string
  readonly kind: ProblemKind
  /** Of this version; null: the problem came with no solutions of its own. */
  readonly verification: VerificationState | null
}
const isoOrNull = (at: Instant | null) => (at === null ? null : toIso(at))

/** A contest as other services know it; nothing secret. */
export function contestSnapshot(
  contest: Contest,
  problems: readonly Omit<PlacedProblem, 'newestVersion' | 'verification'>[],
  deleted = false,
): ContestSnapshot {
  const { id, revision, title, subject, format, timing, startsAt, endsAt, durationMinutes, rules, ownerId, archived } = contest
  return {
    contestId: id,
    revision,
    title,
    subject,
    format,
    timing,
    startsAt: isoOrNull(startsAt),
    endsAt: isoOrNull(endsAt),
    durationMinutes,
    freezeAt: isoOrNull(boardFreezesAt(contest)),
    penaltyMinutes: rules.penaltyMinutes ?? defaultPenaltyMinutes,
    feedback: feedbackOf(rules),
    detail: detailOf(rules),
    scoring: rules.scoring ?? 'subtasks',
    ownerId,
    archived,
    deleted,
    problems: problems.map(({ problemId, version, label, title: problemTitle, kind, points, maxAttempts }) => ({
      problemId,
      version,
      label,
      title: problemTitle,
      kind,
      points,
      maxAttempts,
    })),
  }
}
