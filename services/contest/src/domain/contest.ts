import type { ContestFormat, Detail, Feedback, Phase, Subject, Timing } from '#contracts/common'
import type { Rules } from '#contracts/contest'
import { type Instant, instant } from '#kernel/time'

/**
 * A contest and its clocks. All times are instants of the server's clock, and every function here is pure in (contest, registration, now).
 *
 *   window    everybody works from `startsAt` to `endsAt`
 *   personal  each participant has `durationMinutes` of their own inside that window, from the moment they join
 *   untimed   no clock at all: always running
 */
export type Contest = {
  readonly id: string
  readonly ownerId: string
  /** Grows by one with every change; consumers of events keep the newest. */
  readonly revision: number
  readonly title: string
  readonly description: string
  readonly descriptionHtml: string
  readonly subject: Subject
  readonly format: ContestFormat
  readonly timing: Timing
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  readonly durationMinutes: number | null
  readonly rules: Rules
  readonly premium: boolean
  readonly archived: boolean
  readonly hasSubmissions: boolean
  readonly createdAt: Instant
}
export type ContestClock = Pick<Contest, 'timing' | 'startsAt' | 'endsAt' | 'durationMinutes' | 'rules'>

/** A problem's place in a contest. `maxAttempts` null: no bound. */
export type Place = { readonly problemId: string; readonly label: string; readonly points: number; readonly maxAttempts: number | null }

export type Registration = {
  readonly userId: string
  readonly joinedAt: Instant
  readonly startedAt: Instant
  readonly endsAt: Instant | null
  /** First sight of a premium contest's problems; null: not yet. Free contests do not ask. */
  readonly openedAt: Instant | null
}

const minuteMs = 60_000
export const defaultPenaltyMinutes = 20
export const detailOf = (rules: Rules): Detail => rules.detail ?? 'full'
/** Telling nothing while it runs is telling after the end, for boards and counts too. */
export const feedbackOf = (rules: Rules): Feedback => (rules.detail === 'none' ? 'after-end' : (rules.feedback ?? 'now'))

/** Where the last stretch begins in which the board stands still; null when there is none, or when it stands still all the time. */
export function freezeStart({ endsAt, startsAt, rules }: ContestClock): Instant | null {
  if (endsAt === null || !rules.freezeMinutes || feedbackOf(rules) === 'after-end') return null
  return instant(Math.max(startsAt ?? 0, endsAt - rules.freezeMinutes * minuteMs))
}

/** From where the public board stands still until the end: with feedback after the end, from the very start. Null: never. */
export const boardFreezesAt = (contest: ContestClock): Instant | null => (feedbackOf(contest.rules) === 'after-end' ? contest.startsAt : freezeStart(contest))

/** The clock of the contest itself. The start belongs to the contest, the end does not. */
export function phaseAt(contest: ContestClock, now: Instant): Phase {
  const { startsAt, endsAt } = contest
  if (startsAt !== null && now < startsAt) return 'scheduled'
  if (endsAt !== null && now >= endsAt) return 'ended'
  const freeze = freezeStart(contest)
  return freeze !== null && now >= freeze ? 'frozen' : 'running'
}

/** The caller's own clock: with personal timing `scheduled` until they join, and ended when their minutes are over. */
export function myPhaseAt(contest: ContestClock, registration: Registration | undefined, now: Instant): Phase {
  const phase = phaseAt(contest, now)
  if (contest.timing !== 'personal' || phase === 'ended' || phase === 'scheduled') return phase
  if (!registration) return 'scheduled'
  return registration.endsAt !== null && now >= registration.endsAt ? 'ended' : phase
}

export function myEndsAt(contest: ContestClock, registration: Registration | undefined): Instant | null {
  return contest.timing === 'personal' ? (registration?.endsAt ?? null) : contest.endsAt
}

/** A participant's clock for one who joined at `joinedAt`. `endsAt` null: the contest's own end holds (it may still be extended), or there is none. */
export function clockFrom(contest: ContestClock, joinedAt: Instant): { startedAt: Instant; endsAt: Instant | null } {
  if (contest.timing === 'untimed') return { startedAt: joinedAt, endsAt: null }
  if (contest.timing === 'window') return { startedAt: contest.startsAt ?? joinedAt, endsAt: null }
  const own = joinedAt + (contest.durationMinutes ?? 0) * minuteMs
  return { startedAt: joinedAt, endsAt: instant(Math.min(own, contest.endsAt ?? own)) }
}

/** A window may be joined from its publication to its end, personal timing only while the window is open (joining starts the clock). */
export function mayJoin(contest: ContestClock & Pick<Contest, 'archived'>, now: Instant): boolean {
  if (contest.archived) return false
  const phase = phaseAt(contest, now)
  if (phase === 'ended') return false
  return contest.timing !== 'personal' || phase !== 'scheduled'
}

/** Whether participants may have seen problems or begun to work. An untimed contest starts with its first participant. */
export function hasStarted(contest: ContestClock, participantCount: number, now: Instant): boolean {
  return contest.timing === 'untimed' ? participantCount > 0 : phaseAt(contest, now) !== 'scheduled'
}
