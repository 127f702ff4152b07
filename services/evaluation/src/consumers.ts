import { type EvaluationStatus, evaluationQueues, evaluationStatus, laneQueue } from '#contracts/evaluation'
import { runQueued } from '#contracts/runs'
import { verificationQueued } from '#contracts/verification'
import type { Bus, Consumer, Delivery } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import type { Sandbox } from '#ports/sandbox'
import type { Artefacts } from './artefacts.ts'
import type { JudgingSource } from './test-data.ts'
import { type AnswerDeps, answerJob } from './usecases/answer-job.ts'
import { answerRun } from './usecases/answer-run.ts'
import { answerVerification } from './usecases/answer-verification.ts'

/**
 * Two consumers: quiz answers, always; programs, while there is a sandbox. States of the second:
 *   waiting → (sandbox opened) → judging → (sandbox failed) → waiting;  either → (stop) → stopped.
 * In `waiting` the queues of programs keep their jobs, and everybody is told why; `retry` tries to open again.
 */
export type LaneDeps = {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly workerId: string
  readonly source: JudgingSource
  readonly openSandbox: () => Promise<Sandbox>
  /** Programs that were compiled before; absent: everything is compiled. */
  readonly artefacts?: Artefacts | undefined
  /** Programs judged at once. */
  readonly concurrency: number
  /** Hears what was told of a job, once it is told. */
  readonly told?: NonNullable<AnswerDeps['told']>
}
export type Lanes = {
  start(): Promise<void>
  /** Tries to open the sandbox when there is none. */
  retry(): Promise<void>
  announce(): Promise<void>
  status(): EvaluationStatus
  /** When a queue was last asked for work (epoch ms). */
  lastPollAt(): number
  stop(): Promise<void>
}

const quizzesAtOnce = 8

type Now = { readonly sandbox: Sandbox | undefined; readonly reason: string | null; readonly atWork: number }
const statusOf = ({ workerId, concurrency }: LaneDeps, { sandbox, reason, atWork }: Now): EvaluationStatus => ({
  workerId,
  sandbox: sandbox?.name ?? null,
  reason,
  toolchains: { ...sandbox?.toolchains },
  slots: concurrency,
  atWork,
})

const answerOf = (topic: string) => (topic === runQueued.topic ? answerRun : topic === verificationQueued.topic ? answerVerification : answerJob)

/** What is done with a delivery of the program queues, and how many are at work. */
function openJudging(answering: AnswerDeps) {
  let atWork = 0
  return {
    get atWork() {
      return atWork
    },
    async handle(delivery: Delivery): Promise<void> {
      atWork += 1
      try {
        await answerOf(delivery.envelope.topic)(answering, delivery)
      } finally {
        atWork -= 1
      }
    },
  }
}

export function openLanes(deps: LaneDeps): Lanes {
  const { bus, log } = deps
  let sandbox: Sandbox | undefined
  let reason: string | null = 'the judge is starting'
  let quiz: Consumer | undefined
  let programs: Consumer | undefined
  let stopped = false
  /** Openings and closings, one after another. */
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work).catch((error: unknown) => log.error({ error: String(error) }, 'the program lanes could not be changed'))
    return turn
  }

  const status = () => statusOf(deps, { sandbox, reason, atWork: judging.atWork })
  const announce = () => bus.broadcast(evaluationStatus.topic, status())
  const answering: AnswerDeps = {
    ...deps,
    sandbox: () => sandbox,
    sandboxFailed: (fault) => void inTurn(() => leave(fault.message)), // not awaited: leaving waits for the very job that tells of it
  }

  const judging = openJudging(answering)

  const enter = async () => {
    if (stopped || sandbox !== undefined) return
    try {
      sandbox = await deps.openSandbox()
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      if (said !== reason) log.warn({ reason: said }, 'programs wait: there is no sandbox')
      reason = said
      return announce()
    }
    reason = null
    try {
      const queues = (['contest', 'practice', 'run', 'rejudge'] as const).map(laneQueue)
      const allButOne = Math.max(1, deps.concurrency - 1)
      programs = await bus.consume({
        queues,
        concurrency: deps.concurrency,
        // a run or a rejudging under way is not put aside for a submission, so neither ever has all slots (where there is more than one)
        atMost: { [laneQueue('run')]: allButOne, [laneQueue('rejudge')]: allButOne },
        handle: judging.handle,
      })
    } catch (error) {
      await leave(`the queue cannot be read: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
    await announce()
  }
  const leave = async (why: string) => {
    if (sandbox === undefined) return
    const left = { sandbox, programs }
    sandbox = undefined
    programs = undefined
    reason = why
    await left.programs?.stop()
    await left.sandbox.close()
    if (!stopped) await announce()
  }
  return {
    async start() {
      for (const queue of evaluationQueues) await bus.declare(queue)
      quiz = await bus.consume({ queues: [laneQueue('quiz')], concurrency: quizzesAtOnce, handle: (delivery) => answerJob(answering, delivery) })
      await inTurn(enter)
    },
    retry: () => inTurn(enter),
    announce,
    status,
    lastPollAt: () => Math.min(...[quiz, programs].flatMap((consumer) => (consumer === undefined ? [] : [consumer.lastPollAt]))),
    async stop() {
      stopped = true
      await Promise.all([quiz?.stop(), inTurn(() => leave('the judge is stopping'))])
    },
  }
}
