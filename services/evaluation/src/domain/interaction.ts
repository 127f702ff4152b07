import type { Said } from './checker-said.ts'
import type { Classified } from './classify.ts'
import { isNearMiss } from './verdict.ts'

/**
 * What a talk of a participant's program with an interactor comes to. Pure; every case of the table has its row here.
 *
 * | the interactor | the participant's program | verdict |
 * | --- | --- | --- |
 * | accepted | ended, also badly, also by a closed pipe | accepted: it dies after the fact |
 * | accepted | missed a limit, or made a forbidden call | its own verdict |
 * | rejected, first | whatever it did afterwards | WA |
 * | rejected, second | had failed by itself | its own verdict: the interactor missed its words because of that |
 * | rejected, second | had ended, or closed its stdout | WA |
 * | met a closed pipe | had failed by itself | its own verdict |
 * | met a closed pipe | had left, or closed its stdin | WA |
 * | failed or missed a limit | wrote more than any output may have | OLE: drowned by it |
 * | failed or missed a limit | had failed by itself before | its own verdict |
 * | failed or missed a limit | else | a fault of the problem |
 *
 * "First" and "second" are facts of the sandbox (`Talk.participantLeftFirst`), no clocks.
 */
export type Interactor =
  | { readonly end: 'accepted' | 'rejected' }
  /** It wrote or read where nobody was any more, and could not bear it. */
  | { readonly end: 'cutOff' }
  | { readonly end: 'failed'; readonly why: string }
/** Of the program, before anybody has judged its words. */
export type Participant =
  /** Ended with 0 within its limits; or, `left`, with an error that says only that nobody listened any more. */
  | { readonly end: 'fine' | 'left' }
  /** Ended in another way that may follow from the interactor's end: an exit code, a signal. */
  | { readonly end: 'crashed'; readonly detail: string }
  /** Missed a limit, or made a call that no program makes by mistake: that is its own doing, whoever ended first. */
  | { readonly end: 'stopped'; readonly verdict: OwnVerdict; readonly detail: string }
type OwnVerdict = 'RE' | 'TLE' | 'MLE' | 'OLE'

export type Ended = {
  readonly interactor: Interactor
  readonly participant: Participant
  readonly participantLeftFirst: boolean
  readonly wroteTooMuch: boolean
}
export type InteractionVerdict =
  | { readonly by: 'interactor'; readonly verdict: 'AC' | 'WA' }
  | { readonly by: 'participant'; readonly verdict: OwnVerdict | 'WA'; readonly detail: string }
  | { readonly by: 'nobody'; readonly problemFault: string }

export function decideInteraction({ interactor, participant, participantLeftFirst, wroteTooMuch }: Ended): InteractionVerdict {
  const own = ownVerdict(participant)
  const ownIfFirst = participantLeftFirst ? own : undefined
  switch (interactor.end) {
    case 'accepted':
      return participant.end === 'stopped' && own !== undefined ? own : { by: 'interactor', verdict: 'AC' }
    case 'rejected':
      return ownIfFirst ?? { by: 'interactor', verdict: 'WA' }
    case 'cutOff':
      return ownIfFirst ?? { by: 'participant', verdict: 'WA', detail: 'it left before the interactor was done' }
    case 'failed':
      if (wroteTooMuch) return { by: 'participant', verdict: 'OLE', detail: 'it said more than the interactor could take' }
      return ownIfFirst ?? { by: 'nobody', problemFault: interactor.why }
  }
}

function ownVerdict(participant: Participant): Extract<InteractionVerdict, { by: 'participant' }> | undefined {
  if (participant.end === 'crashed') return { by: 'participant', verdict: 'RE', detail: participant.detail }
  return participant.end === 'stopped' ? { by: 'participant', verdict: participant.verdict, detail: participant.detail } : undefined
}

/** As `isNearMiss`; and who waited was not idle as long as the interactor computed: the time was its. */
export const isNearMissOfTalk = (ran: Parameters<typeof isNearMiss>[0], interactorCpuMs: number, limitMs: number): boolean =>
  isNearMiss({ ...ran, starved: (ran.starved ?? 0) + interactorCpuMs }, limitMs)

const sigpipe = 13
/** How runtimes say that nobody listens, or says anything, any more. Of a run that has failed; nobody gains by saying it falsely. */
const closedPipe = /broken ?pipe|EPIPE|EOFError|NoSuchElementException|EOF when reading|unexpected end of (?:file|input)/i
const saysClosedPipe = (lastWords: string) => closedPipe.test(lastWords)

type Ran = { readonly outcome: string; readonly signal?: number }

/** @returns undefined for what is no end of a program: a fault of the judge. */
export function participantOf(ran: Ran, said: Classified, lastWords: string): Participant | undefined {
  if (said === 'checkable') return { end: 'fine' }
  if ('judgeFault' in said) return undefined
  const { verdict, detail } = said
  if (verdict !== 'RE' && verdict !== 'TLE' && verdict !== 'MLE' && verdict !== 'OLE') return undefined
  if (verdict !== 'RE' || ran.outcome === 'forbiddenSyscall') return { end: 'stopped', verdict, detail }
  return (ran.outcome === 'signalled' && ran.signal === sigpipe) || saysClosedPipe(lastWords) ? { end: 'left' } : { end: 'crashed', detail }
}

export type InteractorRan = {
  /** Why it came to no end of its own. */
  readonly stopped: string | undefined
  /** As a shell tells it: 128 + n for a signal. */
  readonly exitCode: number
  readonly lastWords: string
  readonly participantLeftFirst: boolean
}

/** @param said what its exit code and files mean by its protocol. */
export function interactorOf({ stopped, exitCode, lastWords, participantLeftFirst }: InteractorRan, said: Said): Interactor {
  if (stopped !== undefined) return { end: 'failed', why: `it was stopped: ${stopped}` }
  if (!('fault' in said)) return { end: said.isAccepted ? 'accepted' : 'rejected' }
  const isCutOff = exitCode === 128 + sigpipe || (participantLeftFirst && saysClosedPipe(lastWords))
  return isCutOff ? { end: 'cutOff' } : { end: 'failed', why: said.fault }
}
