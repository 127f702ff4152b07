import { randomBytes } from 'node:crypto'
import { bytes } from '#kernel/units'
import type { RunSpec, Talk, TalkerSpec, TalkSpec } from '#ports/sandbox'
import type { Session } from './session.ts'

const sigkill = 9

/**
 * A talk of two programs in two boxes (runner/joint.c). The participant's runner makes the FIFOs and begins last: by then the interactor's has opened its ends.
 * A name is known to the two runners alone, and for a moment; so nobody can have made it before.
 */
export type Talkers = {
  readonly participant: Session
  readonly interactor: Session
  /** The folder that both boxes share, as their runners see it. */
  readonly joint: string
  readonly core: number
  readonly givesWay?: boolean
}

/** @throws what either run throws; the other is ended then. */
export async function talkOf({ participant, interactor, joint, core, givesWay = false }: Talkers, spec: TalkSpec): Promise<Talk> {
  const name = `${joint}/${randomBytes(16).toString('hex')}`
  const [there, back] = [`${name}-there`, `${name}-back`]
  await participant.join({ kind: 'makes', reads: back, writes: there })
  await interactor.join({ kind: 'joins', reads: there, writes: back })
  const [stop, failed] = [new AbortController(), new AbortController()]
  const signal = spec.signal === undefined ? failed.signal : AbortSignal.any([spec.signal, failed.signal])
  const runOf = (talker: TalkerSpec): RunSpec => ({ ...talker, limits: { ...talker.limits, output: bytes(0) }, signal })
  const runs = [
    interactor.runJoined(runOf(spec.interactor), { core, givesWay }).then((result) => {
      if (spec.endsParticipant?.(result)) stop.abort()
      return result
    }),
    participant.runJoined(runOf(spec.participant), { core, givesWay, stop: stop.signal }),
  ] as const
  for (const run of runs) run.catch((error: unknown) => failed.abort(error))
  await Promise.allSettled(runs)
  const [judging, judged] = await Promise.all(runs)
  const { otherHadLeft: participantLeftFirst } = judging
  const { writtenBytes, wasAskedToEnd, signal: endedBy } = judged
  // a program lets go of its ends before the kernel says how it ended: the interactor may have heard, answered and been heard in between
  const participantWasEnded = wasAskedToEnd && endedBy === sigkill
  return { participant: judged, interactor: judging, participantLeftFirst, participantWasEnded, participantWrote: bytes(writtenBytes) }
}
