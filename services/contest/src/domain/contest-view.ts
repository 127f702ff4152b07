import type { Contest as ContestAnswer, ContestSummary, Problem } from '#contracts/contest'
import { type Instant, toIso } from '#kernel/time'
import { type Contest, myEndsAt, myPhaseAt, phaseAt, type Registration } from './contest.ts'
import type { PlacedProblem } from './snapshot.ts'
import { mayEdit, type Viewer } from './visibility.ts'

type Seen = { readonly contest: Contest; readonly registration: Registration | undefined; readonly problemCount: number; readonly participantCount: number }

/** A contest as one caller sees it in a list. */
export function contestSummary({ contest, registration, problemCount, participantCount }: Seen, viewer: Viewer | undefined, now: Instant): ContestSummary {
  const { id, ownerId, title, subject, format, timing, startsAt, endsAt, durationMinutes, rules, premium, archived } = contest
  const ownEnd = myEndsAt(contest, registration)
  return {
    id,
    title,
    subject,
    format,
    timing,
    ...(startsAt === null ? {} : { startsAt: toIso(startsAt) }),
    ...(endsAt === null ? {} : { endsAt: toIso(endsAt) }),
    ...(durationMinutes === null ? {} : { durationMinutes }),
    rules,
    premium,
    archived,
    ownerId,
    phase: phaseAt(contest, now),
    myPhase: myPhaseAt(contest, registration, now),
    ...(ownEnd === null ? {} : { myEndsAt: toIso(ownEnd) }),
    registered: registration !== undefined,
    mayEdit: mayEdit(viewer, contest),
    problemCount,
    participantCount,
  }
}

/** @param problems undefined where the caller may not see them. */
export function contestAnswer(
  summary: ContestSummary,
  contest: Contest,
  problems: readonly { place: PlacedProblem; problem: Problem }[] | undefined,
): ContestAnswer {
  const { description, descriptionHtml } = contest
  const shown = problems?.map(({ place: { problemId, label, points, maxAttempts, version, newestVersion, verification }, problem }) => ({
    problemId,
    label,
    points,
    ...(maxAttempts === null ? {} : { maxAttempts }),
    kind: problem.kind,
    title: problem.title,
    ...(summary.mayEdit ? { version, newestVersion, ...(verification && { verification }) } : {}),
    problem,
  }))
  return { ...summary, description, descriptionHtml, ...(shown ? { problems: shown } : {}) }
}
