import { v5 } from 'uuid'
import { type RunJob, type RunOutcome, runAnswered, runQueued } from '#contracts/runs'
import { parseIso, toIso } from '#kernel/time'
import { checker } from '#kit/validation'
import { type Delivery, Poison } from '#ports/bus'
import { SandboxFault } from '#ports/sandbox'
import { ProblemFault } from '../domain/faults.ts'
import type { AnswerDeps } from './answer-job.ts'
import { runInput } from './run-input.ts'

/**
 * One delivery of the lane `run`: run, tell the answer, and only then acknowledge. Unlike a submission a run is nobody's record, so that
 *
 * - one that has waited too long is not begun: its author has been told, or is told so now;
 * - a fault of ours is tried less often, and told instead of laid among the dead letters: staff could do nothing with it, and it holds a source;
 * - an abort (the lease is lost: another worker may have it) tells nothing.
 */
export const maxRunTries = 3
const answerIds = 'c9d1b6f4-7a1e-5f0c-8f5e-3f0a9d5f7b11'
const longestReason = 2000

const checkJob = checker(runQueued.payload)

export async function answerRun(deps: AnswerDeps, delivery: Delivery): Promise<void> {
  const checked = checkJob(delivery.envelope.payload)
  if (!checked.ok) throw new Poison(`not a run: ${checked.error.where} ${checked.error.problem}`)
  const job = checked.value as RunJob
  const outcome = await outcomeOf(deps, job, delivery)
  delivery.signal.throwIfAborted()
  if (outcome.type === 'fault') deps.log.warn({ runId: job.runId, reason: outcome.reason }, 'a run has no answer')
  await tell(deps, job, outcome)
}

async function outcomeOf(deps: AnswerDeps, job: RunJob, { attempt, signal }: Delivery): Promise<RunOutcome> {
  if (deps.clock.now() >= (parseIso(job.expiresAt) ?? 0)) return fault('it waited too long for a judge')
  if (attempt > maxRunTries) return fault(`running it has failed ${attempt - 1} times, perhaps by ending the worker`)
  try {
    return { type: 'ran', report: await runInput({ source: deps.source, sandbox: deps.sandbox(), artefacts: deps.artefacts }, job, { signal }) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SandboxFault && error.retry !== 'now') deps.sandboxFailed(error)
    if (!(error instanceof ProblemFault) && attempt < maxRunTries) throw error
    return fault(error instanceof Error ? error.message : String(error))
  }
}

const fault = (reason: string): RunOutcome => ({ type: 'fault', reason: reason.slice(0, longestReason).toWellFormed() })

/** Its id is made from the run and the kind of outcome: told twice is one event. */
const tell = ({ bus, clock }: AnswerDeps, { runId }: RunJob, outcome: RunOutcome) =>
  bus.publish([{ id: v5(`${runId} ${outcome.type}`, answerIds), topic: runAnswered.topic, occurredAt: toIso(clock.now()), payload: { runId, outcome } }])
