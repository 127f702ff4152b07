import type { ProblemKind } from '#contracts/common'
import type { ContestSnapshot } from '#contracts/contest'
import { type Instant, toIso } from '#kernel/time'
import { boardFreezesAt, type Contest, defaultPenaltyMinutes, feedbackOf, type Place } from './contest.ts'

export type PlacedProblem = Place & { readonly version: number; readonly title: string; readonly kind: ProblemKind }
const isoOrNull = (at: Instant | null) => (at === null ? null : toIso(at))

/** A contest as other services know it; nothing secret. */
export function contestSnapshot(contest: Contest, problems: readonly PlacedProblem[], deleted = false): ContestSnapshot {
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
