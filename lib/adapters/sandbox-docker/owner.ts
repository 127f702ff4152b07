import type { ContainerFacts } from './engine.ts'

/**
 * Whose a container is. Each opened sandbox has a random name, its owner label. There is no heartbeat: the attached pipe is the sign of life. A
 * container's runner ends when the pipe closes, so one that runs has an owner who holds it, wherever that owner is, and one that has ended is of
 * no use to anybody. That leaves little to guess:
 *
 *   ended                           anybody removes it (its owner, if alive, finds it gone and has another made)
 *   created and not started         somebody may be about to: after a minute nobody is
 *   ours, and we do not know it     the answer to our creating it was lost
 *   running, another's              only an engine that outlived itself (live-restore) keeps a pipe open that nobody holds. Containers wait at most half an hour
 *                                   and then serve one submission, so one of two hours is nobody's
 *
 * Ages are by the engine's clock on both sides.
 */
export const ownerLabel = 'arena.sandbox'
/** The first of the owner's uids on this machine. */
export const uidsLabel = 'arena.uids'

const startMinuteSeconds = 60
const lifetimeSeconds = 2 * 3600

/** `isMaking`: a container may be ours though the engine has not told us its id yet. */
export type Me = { readonly owner: string; readonly isKnown: (id: string) => boolean; readonly isMaking: boolean }

export function isAbandoned({ id, labels, state, createdSeconds }: ContainerFacts, { owner, isKnown, isMaking }: Me, nowSeconds: number): boolean {
  const age = nowSeconds - createdSeconds
  if (labels[ownerLabel] === owner) return !isKnown(id) && (!isMaking || state !== 'created' || age > startMinuteSeconds)
  if (state === 'exited' || state === 'dead') return true
  if (state === 'removing') return false
  return age > (state === 'created' ? startMinuteSeconds : lifetimeSeconds)
}

/**
 * Each container's tests and compilers have uids of their own, because the kernel counts some things (processes by RLIMIT_NPROC, locked memory, pending
 * signals) for a uid on the whole machine. Blocks lie below 60000, where the native sandbox's are, and within the 65536 of a rootless engine.
 */
const firstUid = 20_000
export const uidsOfOwner = 512
const blocks = 78

/** @param taken first uids of those who have containers now. @param start any number, so that two who open at once begin to look elsewhere. */
export function chooseUids(taken: ReadonlySet<number>, start: number): number {
  for (let step = 0; step < blocks; step++) {
    const first = firstUid + ((start + step) % blocks) * uidsOfOwner
    if (!taken.has(first)) return first
  }
  return firstUid + (start % blocks) * uidsOfOwner // more than 78 judges at one engine: their process counts may mix, nothing else
}
