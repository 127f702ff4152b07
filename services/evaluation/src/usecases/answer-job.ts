import { v5 } from 'uuid'
import { type EvaluationOutcome, evaluationFinished } from '#contracts/evaluation'
import { type EvaluationJob, submissionQueued } from '#contracts/submission'
import { toIso } from '#kernel/time'
import { seconds } from '#kernel/units'
import { checker } from '#kit/validation'
import { type Bus, type Delivery, Interrupted, Poison } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import { type Sandbox, SandboxFault } from '#ports/sandbox'
import type { Artefacts } from '../artefacts.ts'
import { NeighbourAway, ProblemFault } from '../domain/faults.ts'
import type { JudgingSource } from '../test-data.ts'
import { evaluate, type Progress } from './evaluate.ts'
import { openProgress } from './tell-progress.ts'

/**
 * One delivery: judge, tell the result, and only then acknowledge (resolve).
 *
 * - the setter's fault is told at once and not retried; ours is retried by the bus with its back-off, told at the fifth of them (`maxTries`), and the
 *   job lies in the dead letters for staff;
 * - what says nothing against the job is no such try (docs/adr/0035): a lost lease, a bus that does not take the result, a contest service that is away.
 *   For that one, from the fifth delivery on, the job waits in its slot (the deliveries before have gone to other workers, which may have what is needed);
 * - but a program that ends its worker, or keeps it from its lease, looks the same from here: a delivery after `maxInterruptions` of these is not tried;
 * - an abort (the lease is lost: another worker may have the job) tells nothing;
 * - the result's id is made from submission, attempt and kind of outcome, so that told twice is one event, and a fault told first does not hide the
 *   verdict of a later retry by staff.
 */
export type AnswerDeps = {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly source: JudgingSource
  /** The sandbox as it is now. */
  readonly sandbox: () => Sandbox | undefined
  /** Told when the sandbox itself failed in a way that the next job would meet too. */
  readonly sandboxFailed: (fault: SandboxFault) => void
  /** Programs that were compiled before; absent: everything is compiled. */
  readonly artefacts?: Artefacts | undefined
  /** Hears what was told of a job, once it is told. */
  readonly told?: (job: EvaluationJob, outcome: EvaluationOutcome) => void
}

/** Of the judge itself: it was at work on the job and could not judge it. */
export const maxTries = 5
/** Deliveries that ended otherwise. Each is weak evidence against the program; a machine on which things die every few seconds brings some of them. */
export const maxInterruptions = 15
/** Between two questions to a contest service that is away. */
const awayPause = seconds(2)
const resultIds = '0b6f6f0e-5d0c-5b5e-9f6b-2f1c63a5d0aa'
const longestReason = 2000

const checkJob = checker(submissionQueued.payload)

export async function answerJob(deps: AnswerDeps, delivery: Delivery): Promise<void> {
  const checked = checkJob(delivery.envelope.payload)
  if (!checked.ok) throw new Poison(`not a job: ${checked.error.where} ${checked.error.problem}`)
  const job = checked.value as EvaluationJob
  const { progress, stop } = openProgress(deps, job)
  const outcome = await outcomeOf(deps, delivery, { job, progress }).finally(stop)
  delivery.signal.throwIfAborted()
  if (outcome.type === 'fault' && outcome.whose === 'ours') return giveUp(deps, job, outcome)
  await tell(deps, job, outcome)
}

/**
 * What one delivery of a job comes to. A fault of ours is an outcome once it was tried often enough, or may be what kills the worker.
 * @throws what the bus shall deliver again.
 */
export async function outcomeOf(
  deps: AnswerDeps,
  delivery: Delivery,
  { job, progress }: { readonly job: EvaluationJob; readonly progress: Progress },
): Promise<EvaluationOutcome> {
  const { attempt, failures, signal } = delivery
  const sandbox = () => (job.lane === 'rejudge' ? givingWay(deps.sandbox()) : deps.sandbox())
  const interruptions = attempt - 1 - failures
  if (interruptions >= maxInterruptions) return fault('ours', `judging was interrupted ${interruptions} times, perhaps by ending the worker`)
  if (failures >= maxTries) return fault('ours', `judging has failed ${failures} times`)
  try {
    return await whenPossible(deps, delivery, () => evaluate({ source: deps.source, sandbox: sandbox(), artefacts: deps.artefacts }, job, { signal, progress }))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SandboxFault && error.retry !== 'now') deps.sandboxFailed(error)
    if (error instanceof NeighbourAway) throw new Interrupted(error.message, { cause: error })
    if (error instanceof ProblemFault) return fault('setter', error.message)
    if (failures + 1 < maxTries) throw error
    return fault('ours', error instanceof Error ? error.message : String(error))
  }
}

type Fault = Extract<EvaluationOutcome, { type: 'fault' }>
export const fault = (whose: Fault['whose'], reason: string): Fault => ({ type: 'fault', whose, reason: reason.slice(0, longestReason) })

/** Nobody waits for a rejudging as pupils do for their verdicts: its programs let all else have the cores first. */
function givingWay(sandbox: Sandbox | undefined): Sandbox | undefined {
  if (sandbox === undefined) return undefined
  const { open, openPair } = sandbox
  const givesWay = true
  return {
    ...sandbox,
    open: (options) => open({ ...options, givesWay }),
    ...(openPair && { openPair: (options) => openPair({ ...options, givesWay }) }),
  }
}

async function whenPossible<T>({ clock }: AnswerDeps, { attempt, signal }: Delivery, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof NeighbourAway) || attempt < maxTries || signal.aborted) throw error
      await pause(clock, signal)
    }
  }
}

/** Ends early when the job is no longer ours. */
function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(awayPause, resolve)
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        resolve()
      },
      { once: true },
    )
  })
}

/** Tells that we could not judge and sends the job to the dead letters, where staff find, retry or discard it. */
async function giveUp(deps: AnswerDeps, job: EvaluationJob, told: Fault): Promise<never> {
  const { reason } = told
  deps.log.error({ submissionId: job.submissionId, attempt: job.attempt, reason }, 'a submission cannot be judged')
  await tell(deps, job, told)
  throw new Poison(reason)
}

/** @throws Interrupted when the bus does not take it: the job was judged. What a bus will never take ends with the interruptions. */
async function tell(deps: AnswerDeps, job: EvaluationJob, outcome: EvaluationOutcome): Promise<void> {
  const { submissionId, attempt } = job
  await publishResult(deps, {
    name: `${submissionId} ${attempt} ${outcome.type}`,
    topic: evaluationFinished.topic,
    payload: { submissionId, attempt, outcome },
  })
  deps.told?.(job, outcome)
}

/** @param result of its `name` the event's id is made: the same twice is one event. */
export async function publishResult(
  { bus, clock }: Pick<AnswerDeps, 'bus' | 'clock'>,
  { name, topic, payload }: { readonly name: string; readonly topic: string; readonly payload: unknown },
): Promise<void> {
  try {
    await bus.publish([{ id: v5(name, resultIds), topic, occurredAt: toIso(clock.now()), payload }])
  } catch (cause) {
    throw new Interrupted(`the result was not taken: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
