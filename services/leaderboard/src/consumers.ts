import { contestEnded, contestFrozen, contestPublished, contestStarted, contestUpdated, registrationChanged } from '#contracts/contest'
import { rejudgingApplied } from '#contracts/rejudging'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { userRegistered, userUpdated } from '#contracts/user'
import { inGroups, on, type Subscription } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Boards } from './boards.ts'
import { type Fact, instantIn } from './domain/facts.ts'
import { judgedFactOf } from './domain/judged-fact.ts'
import { keepContest, turnPhase } from './usecases/keep-contest.ts'
import { keepFacts } from './usecases/keep-facts.ts'
import { keepUser } from './usecases/keep-user.ts'

export function consumers(deps: { clock: Clock; boards: Boards }): Subscription[] {
  /** By contest: facts of one wait for its lock, so those that wait are kept together. */
  const onFact = inGroups<Fact>((tx, contestId, facts) => keepFacts(deps, tx, contestId, facts))
  return [
    onFact(submissionAccepted, ({ contestId, userId, submissionId, problemId, submittedAt }) => ({
      key: contestId,
      entry: { kind: 'accepted', userId, submissionId, problemId, submittedAt: instantIn(submittedAt) },
    })),
    // practice has no board
    onFact(submissionJudged, (fact) => (fact.contestId === null ? undefined : { key: fact.contestId, entry: judgedFactOf(fact) })),
    on(rejudgingApplied, async (tx, { contestId, verdicts }) => {
      if (contestId !== null) await keepFacts(deps, tx, contestId, verdicts.map(judgedFactOf))
    }),
    onFact(registrationChanged, ({ contestId, userId, startedAt }, { occurredAt }) => ({
      key: contestId,
      entry: { kind: 'registered', userId, startedAt: instantIn(startedAt), toldAt: instantIn(occurredAt) },
    })),
    on(contestPublished, (tx, snapshot) => keepContest(deps, tx, snapshot)),
    on(contestUpdated, (tx, snapshot) => keepContest(deps, tx, snapshot)),
    on(contestStarted, (tx, { contestId }) => turnPhase(deps, tx, contestId)),
    on(contestFrozen, (tx, { contestId }) => turnPhase(deps, tx, contestId)),
    on(contestEnded, (tx, { contestId }) => turnPhase(deps, tx, contestId)),
    on(userRegistered, (tx, user) => keepUser(deps, tx, user)),
    on(userUpdated, (tx, user) => keepUser(deps, tx, user)),
  ]
}
