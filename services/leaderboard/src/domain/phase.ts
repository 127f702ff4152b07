import type { ContestSnapshot } from '#contracts/contest'
import type { Instant } from '#kernel/time'
import { instantIn } from './facts.ts'

/**
 * What the public board shows: nothing before the start; the facts; the facts up to the freeze; the facts again, all of them.
 *   scheduled → open → frozen → thawed      (times may be moved, so every step back is possible too)
 * An untimed contest is always open. With personal timing too it is the contest's own end that thaws.
 */
export type BoardPhase = 'scheduled' | 'open' | 'frozen' | 'thawed'

type Times = Pick<ContestSnapshot, 'timing' | 'startsAt' | 'endsAt' | 'freezeAt'>
const moment = (text: string | null): Instant | undefined => (text === null ? undefined : instantIn(text))

export function phaseAt(contest: Times, now: Instant): BoardPhase {
  if (contest.timing === 'untimed') return 'open'
  const [startsAt, endsAt, freezeAt] = [moment(contest.startsAt), moment(contest.endsAt), moment(contest.freezeAt)]
  if (startsAt !== undefined && now < startsAt) return 'scheduled'
  if (endsAt !== undefined && now >= endsAt) return 'thawed'
  return freezeAt !== undefined && now >= freezeAt ? 'frozen' : 'open'
}

/** When the phase changes next; undefined when it does not. */
export function nextTurn(contest: Times, now: Instant): Instant | undefined {
  if (contest.timing === 'untimed') return undefined
  const ahead = [contest.startsAt, contest.freezeAt, contest.endsAt].flatMap((text) => moment(text) ?? []).filter((at) => at > now)
  return ahead.sort((a, b) => a - b)[0]
}

/** Facts submitted from here on are hidden from the public; the same before the freeze as during it, so that the freeze itself changes no row. */
export function cutOf(contest: Times, phase: BoardPhase): Instant | undefined {
  return phase === 'thawed' || contest.timing === 'untimed' ? undefined : moment(contest.freezeAt)
}
