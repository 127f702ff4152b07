import { contestEnded, contestFrozen, contestPublished, contestStarted, contestUpdated, registrationChanged } from '#contracts/contest'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { userRegistered, userUpdated } from '#contracts/user'
import { on, type Subscription } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Boards } from './boards.ts'
import { instantIn } from './domain/facts.ts'
import { keepContest, turnPhase } from './usecases/keep-contest.ts'
import { keepFact } from './usecases/keep-fact.ts'
import { keepUser } from './usecases/keep-user.ts'

export const consumers = (deps: { clock: Clock; boards: Boards }): Subscription[] => [
  on(submissionAccepted, (tx, { contestId, userId, submissionId, problemId, submittedAt }) =>
    keepFact(deps, tx, contestId, { kind: 'accepted', userId, submissionId, problemId, submittedAt: instantIn(submittedAt) }),
  ),
  on(submissionJudged, async (tx, { contestId, userId, submissionId, problemId, submittedAt, attempt, verdict, score }) => {
    if (contestId === null) return // practice has no board
    await keepFact(deps, tx, contestId, { kind: 'judged', userId, submissionId, problemId, submittedAt: instantIn(submittedAt), attempt, verdict, score })
  }),
  on(registrationChanged, (tx, { contestId, userId, startedAt }, { occurredAt }) =>
    keepFact(deps, tx, contestId, { kind: 'registered', userId, startedAt: instantIn(startedAt), toldAt: instantIn(occurredAt) }),
  ),
  on(contestPublished, (tx, snapshot) => keepContest(deps, tx, snapshot)),
  on(contestUpdated, (tx, snapshot) => keepContest(deps, tx, snapshot)),
  on(contestStarted, (tx, { contestId }) => turnPhase(deps, tx, contestId)),
  on(contestFrozen, (tx, { contestId }) => turnPhase(deps, tx, contestId)),
  on(contestEnded, (tx, { contestId }) => turnPhase(deps, tx, contestId)),
  on(userRegistered, (tx, user) => keepUser(deps, tx, user)),
  on(userUpdated, (tx, user) => keepUser(deps, tx, user)),
]
