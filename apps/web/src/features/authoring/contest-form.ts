/** The contest editor's form ⇄ the contract's bodies. Times are typed on the teacher's own clock and sent as UTC. */
import type { ContestFormat, Feedback, ProblemKind, Subject, Timing } from '#contracts/common'
import type { Contest, ContestChange, NewContest } from '#contracts/contest'
import { fromLocalInput, toLocalInput } from '../../lib/format.ts'

export type PickedProblem = {
  readonly problemId: string
  readonly title: string
  readonly kind: ProblemKind
  readonly label: string
  readonly points: string
  readonly maxAttempts: string
}
export type ContestForm = {
  readonly title: string
  readonly description: string
  readonly subject: Subject
  readonly format: ContestFormat
  readonly timing: Timing
  readonly startsAt: string
  readonly endsAt: string
  readonly durationMinutes: string
  readonly freezeMinutes: string
  readonly penaltyMinutes: string
  readonly feedback: Feedback
  readonly premium: boolean
  readonly problems: readonly PickedProblem[]
}

/** A contest tomorrow at the same hour, two hours long. */
export function emptyContestForm(nowMs: number): ContestForm {
  const start = Math.ceil(nowMs / 900_000) * 900_000 + 24 * 3600_000
  return {
    title: '',
    description: '',
    subject: 'mixed',
    format: 'points',
    timing: 'window',
    startsAt: toLocalInput(new Date(start).toISOString()),
    endsAt: toLocalInput(new Date(start + 2 * 3600_000).toISOString()),
    durationMinutes: '60',
    freezeMinutes: '0',
    penaltyMinutes: '20',
    feedback: 'now',
    premium: false,
    problems: [],
  }
}

export function contestFormOf(contest: Contest): ContestForm {
  return {
    title: contest.title,
    description: contest.description,
    subject: contest.subject,
    format: contest.format,
    timing: contest.timing,
    startsAt: toLocalInput(contest.startsAt),
    endsAt: toLocalInput(contest.endsAt),
    durationMinutes: String(contest.durationMinutes ?? 60),
    freezeMinutes: String(contest.rules.freezeMinutes ?? 0),
    penaltyMinutes: String(contest.rules.penaltyMinutes ?? 20),
    feedback: contest.rules.feedback ?? 'now',
    premium: contest.premium,
    problems: (contest.problems ?? []).map(({ problemId, title, kind, label, points, maxAttempts }) => ({
      problemId,
      title,
      kind,
      label,
      points: String(points),
      maxAttempts: maxAttempts === undefined ? '' : String(maxAttempts),
    })),
  }
}

export type ContestFormProblem =
  | 'titleMissing'
  | 'startMissing'
  | 'endMissing'
  | 'endBeforeStart'
  | 'endInPast'
  | 'durationBad'
  | 'labelBad'
  | 'labelTwice'
  | 'numberBad'

const isWhole = (text: string, least: number, most: number) => /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most

/** What the server would refuse, said before. `nowMs` only where the contest has not started: one that has may be over. */
export function contestFormProblems(form: ContestForm, nowMs?: number): readonly ContestFormProblem[] {
  const [start, end] = [fromLocalInput(form.startsAt), fromLocalInput(form.endsAt)]
  const labels = form.problems.map(({ label }) => label.trim().toUpperCase()).filter((label) => label !== '')
  const isTimed = form.timing !== 'untimed'
  const found: (ContestFormProblem | false)[] = [
    form.title.trim() === '' && 'titleMissing',
    isTimed && !start && 'startMissing',
    isTimed && !end && 'endMissing',
    isTimed && start !== undefined && end !== undefined && end <= start && 'endBeforeStart',
    isTimed && end !== undefined && nowMs !== undefined && Date.parse(end) <= nowMs && 'endInPast',
    form.timing === 'personal' && !isWhole(form.durationMinutes, 1, 60 * 24 * 31) && 'durationBad',
    labels.some((label) => !/^[A-Z0-9]{1,4}$/.test(label)) && 'labelBad',
    new Set(labels).size < labels.length && 'labelTwice',
    !(
      isWhole(form.freezeMinutes, 0, 1440) &&
      isWhole(form.penaltyMinutes, 0, 120) &&
      form.problems.every(
        ({ points, maxAttempts }) => (points.trim() === '' || isWhole(points, 0, 100_000)) && (maxAttempts.trim() === '' || isWhole(maxAttempts, 1, 1000)),
      )
    ) && 'numberBad',
  ]
  return found.filter((each) => each !== false)
}

export function newContest(form: ContestForm): NewContest {
  const [startsAt, endsAt] = [fromLocalInput(form.startsAt), fromLocalInput(form.endsAt)]
  const isTimed = form.timing !== 'untimed'
  return {
    title: form.title.trim(),
    description: form.description,
    subject: form.subject,
    format: form.format,
    timing: form.timing,
    ...(isTimed && startsAt && { startsAt }),
    ...(isTimed && endsAt && { endsAt }),
    ...(form.timing === 'personal' && { durationMinutes: Number(form.durationMinutes) }),
    rules: {
      ...(isTimed && { freezeMinutes: Number(form.freezeMinutes) }),
      ...(form.format === 'icpc' && { penaltyMinutes: Number(form.penaltyMinutes) }),
      feedback: form.feedback,
    },
    premium: form.premium,
    problems: form.problems.map(({ problemId, label, points, maxAttempts }) => ({
      problemId,
      ...(label.trim() && { label: label.trim() }),
      ...(points.trim() && { points: Number(points) }),
      ...(maxAttempts.trim() && { maxAttempts: Number(maxAttempts) }),
    })),
  }
}

/** Only what differs, so that a running contest's closed fields are left alone. Empty: nothing to save. */
export function contestChange(before: ContestForm, form: ContestForm): ContestChange {
  const [old, next] = [newContest(before), newContest(form)] as [Record<string, unknown>, Record<string, unknown>]
  return Object.fromEntries(Object.entries(next).filter(([name, value]) => JSON.stringify(old[name]) !== JSON.stringify(value))) as ContestChange
}

/** `problems` with the one at `index` moved by one place; the same list at the ends. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const [here, there] = [list[index], list[index + by]]
  if (here === undefined || there === undefined) return list
  return list.map((each, at) => (at === index ? there : at === index + by ? here : each))
}
