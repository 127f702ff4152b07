import type { ContestChange, NewContest } from '#contracts/contest'
import { type ApiFailure, timesInvalid } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, instant, parseIso, toIso } from '#kernel/time'
import { type Contest, type ContestClock, detailOf, feedbackOf, phaseAt } from './contest.ts'
import { renderMarkdown } from './markdown.ts'

/** What a contest says of itself, checked; its problems are planned apart (`plan-places.ts`). */
export type ContestFields = Pick<
  Contest,
  'title' | 'description' | 'descriptionHtml' | 'subject' | 'format' | 'timing' | 'startsAt' | 'endsAt' | 'durationMinutes' | 'rules' | 'premium'
>
type TimesFailure = ApiFailure<'TIMES_INVALID'>

const minuteMs = 60_000
/** Outside of these a year is a slip of the keyboard. */
const years = { fromYear: 2020, toYear: 2100 } as const

/** @returns TIMES_INVALID for a day no calendar has, or a year out of bounds. */
function readTime(field: 'startsAt' | 'endsAt', text: string | undefined): Result<Instant | null, TimesFailure> {
  if (text === undefined) return ok(null)
  const at = parseIso(text)
  const day = parseIso(`${text.slice(0, 10)}T00:00:00Z`)
  // engines take 30 February for 2 March
  if (at === undefined || day === undefined || toIso(day).slice(0, 10) !== text.slice(0, 10)) return fail(timesInvalid('NO_SUCH_DATE', { field }))
  const year = Number(toIso(at).slice(0, 4))
  if (!(year >= years.fromYear && year <= years.toYear)) return fail(timesInvalid('YEAR_OUT_OF_RANGE', { field, ...years }))
  return ok(at)
}

/** Whether the times fit together, whatever the time is now. */
function checkClock(clock: ContestClock): Result<true, TimesFailure> {
  const { timing, startsAt, endsAt, durationMinutes, rules } = clock
  if (timing === 'untimed') {
    if (startsAt !== null || endsAt !== null || durationMinutes !== null) return fail(timesInvalid('UNTIMED_HAS_TIMES'))
    if (feedbackOf(rules) === 'after-end') return fail(timesInvalid('FEEDBACK_NEEDS_END'))
    if (rules.freezeMinutes) return fail(timesInvalid('FREEZE_NEEDS_END'))
    return ok(true)
  }
  if (startsAt === null || endsAt === null) return fail(timesInvalid('TIMES_MISSING'))
  if (startsAt >= endsAt) return fail(timesInvalid('END_NOT_AFTER_START'))
  if (timing === 'personal' && durationMinutes === null) return fail(timesInvalid('DURATION_MISSING'))
  if (timing === 'window' && durationMinutes !== null) return fail(timesInvalid('DURATION_NOT_PERSONAL'))
  const window = endsAt - startsAt
  if ((durationMinutes ?? 0) * minuteMs > window) return fail(timesInvalid('DURATION_TOO_LONG'))
  if ((rules.freezeMinutes ?? 0) * minuteMs > window) return fail(timesInvalid('FREEZE_TOO_LONG'))
  return ok(true)
}

export function planContest(input: NewContest, now: Instant): Result<ContestFields, TimesFailure> {
  const startsAt = readTime('startsAt', input.startsAt)
  if (!startsAt.ok) return startsAt
  const endsAt = readTime('endsAt', input.endsAt)
  if (!endsAt.ok) return endsAt
  const description = input.description ?? ''
  const fields: ContestFields = {
    title: input.title.trim(),
    description,
    descriptionHtml: renderMarkdown(description),
    subject: input.subject,
    format: input.format,
    timing: input.timing ?? 'window',
    startsAt: startsAt.value,
    endsAt: endsAt.value,
    durationMinutes: input.durationMinutes ?? null,
    rules: input.rules ?? {},
    premium: input.premium ?? false,
  }
  const checked = checkClock(fields)
  if (!checked.ok) return checked
  if (fields.endsAt !== null && fields.endsAt <= now) return fail(timesInvalid('END_IN_PAST'))
  return ok(fields)
}

type ChangeFailure = TimesFailure | ApiFailure<'CONTEST_HAS_STARTED'>

/**
 * The contest after a change. Fields that are left out stay, `rules` field by field; a change to untimed drops the times.
 * Once it has started: format, timing, start and the moment of feedback are fixed, the end and the minutes may only grow, and after the end neither may.
 * It may become free then, but no longer premium: somebody is in the middle of it.
 */
export function planContestChange(
  old: Contest,
  change: ContestChange,
  { isStarted, hasParticipants, now }: { isStarted: boolean; hasParticipants: boolean; now: Instant },
): Result<ContestFields, ChangeFailure> {
  const startsAt = readTime('startsAt', change.startsAt)
  if (!startsAt.ok) return startsAt
  const endsAt = readTime('endsAt', change.endsAt)
  if (!endsAt.ok) return endsAt
  const description = change.description ?? old.description
  const timing = change.timing ?? old.timing
  const kept = timing === 'untimed' ? { startsAt: null, endsAt: null } : old
  const fields: ContestFields = {
    title: change.title?.trim() ?? old.title,
    description,
    descriptionHtml: change.description === undefined ? old.descriptionHtml : renderMarkdown(description),
    subject: change.subject ?? old.subject,
    format: change.format ?? old.format,
    timing,
    startsAt: startsAt.value ?? kept.startsAt,
    endsAt: endsAt.value ?? kept.endsAt,
    durationMinutes: change.durationMinutes ?? (timing === 'personal' ? old.durationMinutes : null),
    rules: { ...old.rules, ...change.rules },
    premium: change.premium ?? old.premium,
  }
  // whoever has joined has a clock already, which another timing would reckon anew from the moment they joined
  const field = isStarted ? closedField(old, fields, now) : hasParticipants && fields.timing !== old.timing ? 'timing' : undefined
  if (field !== undefined) return fail({ code: 'CONTEST_HAS_STARTED', details: { field } })
  const checked = checkClock(fields)
  if (!checked.ok) return checked
  if (fields.endsAt !== null && fields.endsAt !== old.endsAt && fields.endsAt <= now) return fail(timesInvalid('END_IN_PAST'))
  return ok(fields)
}

/** The first field of a started contest that would change and must not. */
function closedField(old: Contest, next: ContestFields, now: Instant): string | undefined {
  if (next.format !== old.format) return 'format'
  if (next.timing !== old.timing) return 'timing'
  if (next.startsAt !== old.startsAt) return 'startsAt'
  if (feedbackOf(next.rules) !== feedbackOf(old.rules)) return 'rules.feedback'
  if (detailOf(next.rules) !== detailOf(old.rules)) return 'rules.detail'
  if (next.rules.scoring !== old.rules.scoring) return 'rules.scoring'
  if (next.premium && !old.premium) return 'premium'
  const isOver = phaseAt(old, now) === 'ended'
  if (next.endsAt !== old.endsAt && (isOver || (next.endsAt ?? 0) < (old.endsAt ?? 0))) return 'endsAt'
  if (next.durationMinutes !== old.durationMinutes && (isOver || (next.durationMinutes ?? 0) < (old.durationMinutes ?? 0))) return 'durationMinutes'
  return undefined
}

const weekMs = 7 * 24 * 60 * 60_000
/** A copy's fields: a week later, and as many weeks more as it takes to lie ahead. */
export function planCopy(old: Contest, now: Instant): ContestFields {
  const { title, description, descriptionHtml, subject, format, timing, durationMinutes, rules, premium } = old
  const weeks = old.startsAt === null ? 0 : Math.max(1, Math.floor((now - old.startsAt) / weekMs) + 1)
  const later = (at: Instant | null) => (at === null ? null : instant(at + weeks * weekMs))
  return {
    title,
    description,
    descriptionHtml,
    subject,
    format,
    timing,
    durationMinutes,
    rules,
    premium,
    startsAt: later(old.startsAt),
    endsAt: later(old.endsAt),
  }
}
