import type { Instant } from '#kernel/time'
import { type BoardRules, type Fact, participationOf } from './facts.ts'
import { minuteOf } from './format.ts'
import { scoreRow } from './score-row.ts'

/** The totals stand so from this minute of the participant's own clock until the next step. */
export type Step = { readonly minute: number; readonly score: number; readonly penalty: number }

/** A line of more cannot be told from one of these, and what a line costs is this many rows computed. */
const mostSteps = 200

/**
 * How one participant came to the score: the row as it would have been after each run, with what is known of the runs today, so that the last step is the
 * row as it stands. What the cut hides is not read, as for the row itself: `participationOf` leaves out what was judged behind it.
 * @returns in order of time, one step a minute at most; empty when nothing has scored yet.
 */
export function stepsOf(rules: BoardRules, userId: string, facts: readonly Fact[], cut: Instant | undefined): Step[] {
  const participation = participationOf(facts, cut)
  if (participation === undefined) return []
  const startedAt = rules.commonStart ?? participation.startedAt
  const moments = participation.runs.filter(({ judgement }) => judgement !== undefined && mayScore(judgement)).map(({ submittedAt }) => submittedAt)
  const steps: Step[] = []
  for (const moment of thinned([...new Set(moments)])) {
    const known = facts.filter((fact) => fact.kind === 'registered' || fact.submittedAt <= moment)
    const row = scoreRow(rules, userId, known, cut)
    const last = steps.at(-1)
    if (row === undefined || (row.score === (last?.score ?? 0) && row.penalty === (last?.penalty ?? 0))) continue
    const step = { minute: minuteOf(moment, startedAt), score: row.score, penalty: row.penalty }
    if (last?.minute === step.minute) steps.pop()
    steps.push(step)
  }
  return steps
}

/** In no format does a run that won nothing move the totals by itself: rejected ones are paid for with the acceptance. */
const mayScore = ({ verdict, score, points }: { verdict: string; score: number; points?: { milli: number } | undefined }): boolean =>
  verdict === 'AC' || score > 0 || (points?.milli ?? 0) > 0

/** Evenly, the first and the last among them. */
function thinned(moments: readonly Instant[]): readonly Instant[] {
  if (moments.length <= mostSteps) return moments
  return Array.from({ length: mostSteps }, (_, n) => moments[Math.round((n * (moments.length - 1)) / (mostSteps - 1))] as Instant)
}
