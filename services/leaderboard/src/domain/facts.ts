import type { Scoring, Verdict } from '#contracts/common'
import type { ContestSnapshot } from '#contracts/contest'
import type { Points } from '#contracts/judging'
import { type Instant, parseIso } from '#kernel/time'

/**
 * What a board is made of: facts of a contest's log, in whatever order and however often they came. Two facts of the same kind and key say the same, but
 * for a judgement, of which the highest attempt counts, and a registration, of which the one told last (`toldAt`, then the later clock) counts.
 */
export type Accepted = {
  readonly kind: 'accepted'
  readonly userId: string
  readonly submissionId: string
  readonly problemId: string
  readonly submittedAt: Instant
}
export type Judged = {
  readonly kind: 'judged'
  readonly userId: string
  readonly submissionId: string
  readonly problemId: string
  readonly submittedAt: Instant
  readonly attempt: number
  readonly verdict: Verdict
  /** 0 to 100 */
  readonly score: number
  /** Where the problem has points of its own. */
  readonly points?: Points | undefined
}
export type Registered = { readonly kind: 'registered'; readonly userId: string; readonly startedAt: Instant; readonly toldAt: Instant }
export type Fact = Accepted | Judged | Registered

/** What of a contest decides its board. */
export type BoardRules = {
  readonly format: ContestSnapshot['format']
  /** How runs make up a problem's points (IOI). */
  readonly scoring: Scoring
  /** Minutes per earlier rejected run of a solved problem (ICPC). */
  readonly penaltyMinutes: number
  /** The clock of every participant where the contest has one for all (timing `window`); else each has its own. */
  readonly commonStart: Instant | undefined
  readonly problems: readonly BoardProblem[]
}
export type BoardProblem = {
  readonly problemId: string
  readonly label: string
  readonly title: string
  readonly points: number
  /** Runs beyond this many judged ones do not count (points format). */
  readonly maxAttempts: number | null
}

/** One submission as far as it is known; no judgement yet: pending. */
export type Run = {
  readonly submissionId: string
  readonly problemId: string
  readonly submittedAt: Instant
  readonly judgement: Judged | undefined
}

/** One participant's facts, folded. */
export type Participation = {
  readonly startedAt: Instant
  /** In order of (submittedAt, submissionId). */
  readonly runs: readonly Run[]
  /** problemId → runs accepted at or after the cut. Their judgements are not looked at. */
  readonly hidden: ReadonlyMap<string, number>
}

/** An ISO time of an event that has passed its schema. @throws when it is none after all: a bug of the teller. */
export function instantIn(text: string): Instant {
  const at = parseIso(text)
  if (at === undefined) throw new Error(`not an ISO 8601 time: ${text}`)
  return at
}

export function rulesOf(contest: ContestSnapshot): BoardRules {
  return {
    format: contest.format,
    scoring: contest.scoring ?? 'subtasks',
    penaltyMinutes: contest.penaltyMinutes,
    commonStart: contest.timing === 'window' && contest.startsAt !== null ? instantIn(contest.startsAt) : undefined,
    problems: contest.problems.map(({ problemId, label, title, points, maxAttempts }) => ({ problemId, label, title, points, maxAttempts })),
  }
}

const isNewer = (a: Registered, b: Registered) => (a.toldAt === b.toldAt ? a.startedAt > b.startedAt : a.toldAt > b.toldAt)

/** Submitted before the cut; without a cut, all. */
const isShown = (submittedAt: Instant, cut: Instant | undefined) => cut === undefined || submittedAt < cut

/**
 * One participant's part of the log. Of what was submitted at or after `cut`, only that it was accepted is taken: a hidden judgement cannot change the
 * answer, since it is not read.
 * @returns undefined without a registration: no row.
 */
export function participationOf(facts: readonly Fact[], cut: Instant | undefined): Participation | undefined {
  let registration: Registered | undefined
  const runs = new Map<string, Run>()
  const hidden = new Map<string, Set<string>>()
  for (const fact of facts) {
    if (fact.kind === 'registered') {
      if (registration === undefined || isNewer(fact, registration)) registration = fact
    } else if (isShown(fact.submittedAt, cut)) {
      runs.set(fact.submissionId, foldRun(runs.get(fact.submissionId), fact))
    } else if (fact.kind === 'accepted') {
      hidden.set(fact.problemId, (hidden.get(fact.problemId) ?? new Set()).add(fact.submissionId))
    }
  }
  if (registration === undefined) return undefined
  return {
    startedAt: registration.startedAt,
    runs: [...runs.values()].sort(byTime),
    hidden: new Map([...hidden].map(([problemId, submissions]) => [problemId, submissions.size])),
  }
}

function foldRun(known: Run | undefined, fact: Accepted | Judged): Run {
  const { submissionId, problemId, submittedAt } = fact
  const before = known?.judgement
  if (fact.kind === 'accepted') return known ?? { submissionId, problemId, submittedAt, judgement: undefined }
  return before !== undefined && before.attempt >= fact.attempt ? (known as Run) : { submissionId, problemId, submittedAt, judgement: fact }
}

/** The order in which submissions count. */
export function byTime(a: { submittedAt: Instant; submissionId: string }, b: { submittedAt: Instant; submissionId: string }): number {
  if (a.submittedAt !== b.submittedAt) return a.submittedAt - b.submittedAt
  return a.submissionId < b.submissionId ? -1 : a.submissionId > b.submissionId ? 1 : 0
}
