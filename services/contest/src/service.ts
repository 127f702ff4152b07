import { evaluationQueues, evaluationVerified } from '#contracts/evaluation'
import { submissionAccepted } from '#contracts/submission'
import { minutes, seconds } from '#kernel/units'
import { defineService, on } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { openEntitlements } from './entitlement.ts'
import { openJudgeWatch } from './judge-watch.ts'
import { routes } from './routes.ts'
import { markHasSubmissions } from './store-contests.ts'
import { feedVerifications, forgetVerificationJobs, keepVerified } from './usecases/run-verification.ts'
import { tellMoments } from './usecases/tell-moments.ts'

/**
 * Contests, problems, who joined. Every change is told in the transaction that makes it; other services work from what they were told, so running
 * contests go on when this one is down. Hidden tests and right answers leave it by the `/internal` routes alone, for the judge.
 */
export const contestService = defineService({
  name: 'contest',
  migrations: migrationsIn(new URL('./migrations/', import.meta.url)),
  maxConnections: 6,
  async build(deps) {
    // before anything is asked of the judge: what is published to no queue is lost
    for (const queue of evaluationQueues) await deps.bus.declare(queue)
    const judge = openJudgeWatch(deps)
    const entitlements = openEntitlements(deps)
    return {
      handlers: routes({ ...deps, entitlements }, judge),
      subscriptions: [
        on(submissionAccepted, (tx, { contestId }) => markHasSubmissions(tx, contestId)),
        on(evaluationVerified, keepVerified),
        ...entitlements.subscriptions,
      ],
      jobs: [
        { name: 'tell-moments', every: seconds(1), run: () => tellMoments(deps) },
        { name: 'feed-verifications', every: seconds(1), run: () => feedVerifications(deps) },
        { name: 'forget-verification-jobs', every: minutes(1), run: () => forgetVerificationJobs(deps) },
      ],
      start: judge.start,
      stop: judge.stop,
    }
  },
})
