/** The contest editor's form ⇄ the contract's bodies. Times are typed on the teacher's own clock and sent as UTC. */
import type { ContestFormat, Detail, Feedback, ProblemKind, Scoring, Subject, Timing } from '#contracts/common'
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
  readonly detail: Detail
  readonly scoring: Scoring
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
    detail: 'full',
    scoring: 'subtasks',
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
    detail: contest.rules.detail ?? 'full',
    scoring: contest.rules.scoring ?? 'subtasks',
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

export type ContestStep = 'what' | 'when' | 'problems' | 'rules'
export const contestSteps: readonly ContestStep[] = ['what', 'when', 'problems', 'rules']

/** What the server would refuse, said before; on which step, and beside which field. */
const complaints = {
  titleMissing: { step: 'what', field: 'title' },
  startMissing: { step: 'when', field: 'startsAt' },
  endMissing: { step: 'when', field: 'endsAt' },
  endBeforeStart: { step: 'when', field: 'endsAt' },
  endInPast: { step: 'when', field: 'endsAt' },
  durationBad: { step: 'when', field: 'durationMinutes' },
  durationLong: { step: 'when', field: 'durationMinutes' },
  labelBad: { step: 'problems', field: 'problems' },
  labelTwice: { step: 'problems', field: 'problems' },
  placeBad: { step: 'problems', field: 'problems' },
  freezeBad: { step: 'rules', field: 'freezeMinutes' },
  freezeLong: { step: 'rules', field: 'freezeMinutes' },
  penaltyBad: { step: 'rules', field: 'penaltyMinutes' },
  feedbackNeedsEnd: { step: 'rules', field: 'feedback' },
} as const satisfies Record<string, { step: ContestStep; field: keyof ContestForm }>
export type ContestFormProblem = keyof typeof complaints

export const stepOf = (problem: ContestFormProblem): ContestStep => complaints[problem].step
/** The first complaint about a field. */
export const wrongAt = (problems: readonly ContestFormProblem[], field: keyof ContestForm) => problems.find((problem) => complaints[problem].field === field)

const isWhole = (text: string, least: number, most: number) => /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most
const minuteMs = 60_000

/** `nowMs` only where the contest has not started: one that has may be over. */
export function contestFormProblems(form: ContestForm, nowMs?: number): readonly ContestFormProblem[] {
  const [start, end] = [fromLocalInput(form.startsAt), fromLocalInput(form.endsAt)]
  const labels = form.problems.map(({ label }) => label.trim().toUpperCase()).filter((label) => label !== '')
  const isTimed = form.timing !== 'untimed'
  const minutes = start && end ? (Date.parse(end) - Date.parse(start)) / minuteMs : undefined
  const isLonger = (text: string) => minutes !== undefined && minutes > 0 && isWhole(text, 0, 1e6) && Number(text) > minutes
  const isPlaced = ({ points, maxAttempts }: PickedProblem) =>
    (points.trim() === '' || isWhole(points, 0, 100_000)) && (maxAttempts.trim() === '' || isWhole(maxAttempts, 1, 1000))
  const isFreezeRead = isWhole(form.freezeMinutes, 0, 1440)
  const found: (ContestFormProblem | false)[] = [
    form.title.trim() === '' && 'titleMissing',
    isTimed && !start && 'startMissing',
    isTimed && !end && 'endMissing',
    isTimed && minutes !== undefined && minutes <= 0 && 'endBeforeStart',
    isTimed && end !== undefined && nowMs !== undefined && Date.parse(end) <= nowMs && 'endInPast',
    form.timing === 'personal' && !isWhole(form.durationMinutes, 1, 60 * 24 * 31) && 'durationBad',
    form.timing === 'personal' && isLonger(form.durationMinutes) && 'durationLong',
    labels.some((label) => !/^[A-Z0-9]{1,4}$/.test(label)) && 'labelBad',
    new Set(labels).size < labels.length && 'labelTwice',
    !form.problems.every(isPlaced) && 'placeBad',
    isTimed && !isFreezeRead && 'freezeBad',
    isTimed && isLonger(form.freezeMinutes) && 'freezeLong',
    form.format === 'icpc' && !isWhole(form.penaltyMinutes, 0, 120) && 'penaltyBad',
    !isTimed && form.feedback === 'after-end' && 'feedbackNeedsEnd',
  ]
  return found.filter((each) => each !== false)
}

/** Which field the server complains about, so that it is said there. */
export function refusedField(error: { readonly code: string; readonly details: Readonly<Record<string, unknown>> }): keyof ContestForm | undefined {
  const { field, rule } = error.details
  const byRule: Readonly<Record<string, keyof ContestForm>> = {
    UNTIMED_HAS_TIMES: 'timing',
    FEEDBACK_NEEDS_END: 'feedback',
    FREEZE_NEEDS_END: 'freezeMinutes',
    FREEZE_TOO_LONG: 'freezeMinutes',
    TIMES_MISSING: 'startsAt',
    END_NOT_AFTER_START: 'endsAt',
    END_IN_PAST: 'endsAt',
    DURATION_MISSING: 'durationMinutes',
    DURATION_NOT_PERSONAL: 'timing',
    DURATION_TOO_LONG: 'durationMinutes',
  }
  const fields: Readonly<Record<string, keyof ContestForm>> = {
    ...{ format: 'format', timing: 'timing', startsAt: 'startsAt', endsAt: 'endsAt', durationMinutes: 'durationMinutes', problems: 'problems' },
    ...{ 'rules.feedback': 'feedback', 'rules.detail': 'detail', 'rules.scoring': 'scoring', premium: 'premium', title: 'title' },
  }
  if (error.code === 'PROBLEM_NOT_FOUND' || error.code === 'PROBLEM_TWICE') return 'problems'
  return (typeof rule === 'string' ? byRule[rule] : undefined) ?? (typeof field === 'string' ? fields[field] : undefined)
}

const stepOfField: Readonly<Partial<Record<keyof ContestForm, ContestStep>>> = {
  ...{ title: 'what', description: 'what', subject: 'what', format: 'what', scoring: 'what' },
  ...{ timing: 'when', startsAt: 'when', endsAt: 'when', durationMinutes: 'when' },
  problems: 'problems',
}
export const stepWith = (field: keyof ContestForm): ContestStep => stepOfField[field] ?? 'rules'

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
      detail: form.detail,
      ...(form.format === 'ioi' && { scoring: form.scoring }),
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

const changed = (before: object, after: object) => {
  const old = before as Record<string, unknown>
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => JSON.stringify(old[name]) !== JSON.stringify(value)))
}

/** Only what differs, so that a running contest's closed fields are left alone; of the rules too, which the server joins. Empty: nothing to save. */
export function contestChange(before: ContestForm, form: ContestForm): ContestChange {
  const [old, next] = [newContest(before), newContest(form)]
  const { rules, ...change } = changed(old, next) as ContestChange
  return { ...change, ...(rules && { rules: changed(old.rules ?? {}, rules) }) }
}

/** `list` with the one at `from` in the place `to`; the same list where there is no such place. */
export function movedTo<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const here = list[from]
  if (here === undefined || from === to || to < 0 || to >= list.length) return list
  const others = list.filter((_, at) => at !== from)
  return [...others.slice(0, to), here, ...others.slice(to)]
}
