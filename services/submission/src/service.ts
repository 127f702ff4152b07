import { contestPublished, contestUpdated, problemUpdated, registrationChanged } from '#contracts/contest'
import { type EvaluationProgress, evaluationFinished, evaluationProgress, evaluationQueues } from '#contracts/evaluation'
import { runAnswered } from '#contracts/runs'
import { seconds } from '#kernel/units'
import { defineService, on } from '#kit/define-service'
import { openJudges } from '#kit/judges'
import { migrationsIn } from '#kit/migrations'
import { languagesOf } from './domain/submit.ts'
import { observeSubmissions } from './observe.ts'
import { openRunningNow } from './running-now.ts'
import { keepContest, keepProblem, keepRegistration } from './store.ts'
import { keepAnswer, readRun, tidyRuns } from './usecases/answer-try.ts'
import { applyRejudging, discardRejudging } from './usecases/end-rejudging.ts'
import { feedRejudgings } from './usecases/feed-rejudgings.ts'
import { keepOutcome } from './usecases/keep-outcome.ts'
import { makeRejudging } from './usecases/make-rejudging.ts'
import { readMonitor } from './usecases/read-monitor.ts'
import { readBoardChange, readChanges, readJudgements, readRejudging, readRejudgings } from './usecases/read-rejudgings.ts'
import { readProgress, readSubmission, readSubmissions } from './usecases/read-submissions.ts'
import { openAccepting } from './usecases/submit.ts'
import { tryInput } from './usecases/try-input.ts'

/**
 * Accept → store row and event → (the judge) → store the judgement, fenced by its attempt → tell. It never evaluates, and its hot path calls nobody:
 * what it must know of contests, problems and participants comes by events into its own read model.
 */
export const submissionService = defineService({
  name: 'submission',
  migrations: migrationsIn(new URL('./migrations/', import.meta.url)),
  maxConnections: 8,
  async build(deps) {
    // before anything is accepted: work published while no worker has ever run would be in no queue, and lost
    for (const queue of evaluationQueues) await deps.bus.declare(queue)
    const judges = openJudges(deps)
    const judged = () => languagesOf(judges.heard().map(({ status }) => status))
    const accept = openAccepting({ ...deps, judged })
    const running = openRunningNow()
    const observed = observeSubmissions(deps)
    const reading = { db: deps.db, clock: deps.clock, isRunning: running.has }
    let progress: { stop(): Promise<void> } | undefined
    return {
      handlers: {
        'POST /api/submit': async ({ body, headers, caller }) => {
          const arrivedAt = deps.clock.now()
          const result = await accept({ draft: body, caller, idempotencyKey: headers['idempotency-key'], arrivedAt })
          if (result.ok) observed.accepted(arrivedAt)
          return result
        },
        'GET /api/submissions': ({ query, caller }) => readSubmissions(reading, query, caller),
        'GET /api/submissions/monitor/:contestId': ({ params, caller }) => readMonitor(deps, params.contestId, caller),
        'GET /api/submissions/progress': ({ query, caller }) => readProgress(deps, query.utcOffsetMinutes ?? 0, caller),
        'GET /api/submissions/:id': ({ params, caller }) => readSubmission(reading, params.id, caller),
        'POST /api/runs': ({ body, headers, caller }) =>
          tryInput({ ...deps, judged }, { draft: body, caller, idempotencyKey: headers['idempotency-key'], arrivedAt: deps.clock.now() }),
        'GET /api/runs/:id': ({ params, caller }) => readRun(deps, params.id, caller),
        'POST /api/rejudgings': ({ body, caller }) => makeRejudging(deps, body, caller),
        'GET /api/rejudgings': ({ query, caller }) => readRejudgings(deps, query, caller),
        'GET /api/rejudgings/:id': ({ params, caller }) => readRejudging(deps, params.id, caller),
        'GET /api/rejudgings/:id/changes': ({ params, query, caller }) => readChanges(deps, params.id, query, caller),
        'GET /api/rejudgings/:id/board': ({ params, query, caller }) => readBoardChange(deps, { id: params.id, contestId: query.contestId }, caller),
        'POST /api/rejudgings/:id/apply': ({ params, caller }) => applyRejudging(deps, params.id, caller),
        'POST /api/rejudgings/:id/discard': ({ params, caller }) => discardRejudging(deps, params.id, caller),
        'GET /api/submissions/:id/judgements': ({ params, caller }) => readJudgements(deps, params.id, caller),
      },
      subscriptions: [
        on(contestPublished, async (tx, contest) => void (await keepContest(tx, contest))),
        on(contestUpdated, async (tx, contest) => void (await keepContest(tx, contest))),
        on(problemUpdated, async (tx, problem) => void (await keepProblem(tx, problem))),
        on(registrationChanged, async (tx, registration, { occurredAt }) => void (await keepRegistration(tx, registration, occurredAt))),
        on(evaluationFinished, async (tx, finished, { occurredAt }) => {
          const settled = await keepOutcome(tx, finished, deps)
          tx.afterCommit(() => {
            running.forget(finished.submissionId)
            if (settled) observed.stored(occurredAt, settled.submittedAt)
          })
        }),
        on(runAnswered, (tx, answered) => keepAnswer(tx, answered, deps)),
      ],
      jobs: [
        { name: 'end and forget runs', every: seconds(30), run: () => tidyRuns(deps) },
        { name: 'go on with rejudgings', every: seconds(1), run: () => feedRejudgings(deps) },
      ],
      checks: async () => ({ judging: await observed.check() }),
      async start() {
        await judges.start()
        progress = await deps.bus.listen(evaluationProgress.topic, (told) => running.hear((told as EvaluationProgress).submissionId))
      },
      async stop() {
        observed.stop()
        await judges.stop()
        await progress?.stop()
      },
    }
  },
})
