import type { Pair, Talk, TalkSpec } from '#ports/sandbox'
import { talkOf } from '../runner/talk.ts'
import { type Lease, type OwnBox, openBox } from './box.ts'
import type { Slot } from './host.ts'
import { sessionFor } from './run-in-session.ts'
import { boxPlaces } from './view.ts'

/**
 * A slot and its partner: a second slot that counts with the first, with uids, folders and groups of its own, and the first one's joint. `release` is told as
 * with a box, once no program runs in either.
 */
export function openPair([slot, partner]: readonly [Slot, Slot], { givesWay, release }: Lease): Pair {
  const vacated: Promise<void>[] = []
  const oneReleased = (one: Promise<void>) => {
    one.catch(() => undefined) // told by the two together
    vacated.push(one)
    if (vacated.length === 2) release(Promise.all(vacated).then(() => undefined))
  }
  const [participant, interactor] = [openBox(slot, { givesWay, release: oneReleased }), openBox(partner, { givesWay, release: oneReleased })]
  return {
    participant,
    interactor,
    talk: (spec) => both(participant, interactor, (closing) => talk(slot, partner, { ...spec, signal: anyOf([...closing, spec.signal]) })),
    async close() {
      await Promise.all([participant.close(), interactor.close()])
    },
  }
}

const both = <T>(one: OwnBox, other: OwnBox, work: (closing: readonly AbortSignal[]) => Promise<T>): Promise<T> =>
  one.occupied((first) => other.occupied((second) => work([first, second])))
const anyOf = (signals: readonly (AbortSignal | undefined)[]) => AbortSignal.any(signals.filter((each) => each !== undefined))

async function talk(slot: Slot, partner: Slot, spec: TalkSpec & { readonly signal: AbortSignal }): Promise<Talk> {
  const core = await slot.host.cores.take(spec.signal)
  try {
    const [participant, interactor] = [await sessionFor(slot, spec.participant), await sessionFor(partner, spec.interactor)]
    return await talkOf({ participant, interactor, joint: `/${boxPlaces.joint}`, core: core.number, givesWay: slot.givesWay }, spec)
  } finally {
    core.release()
  }
}
