import { contestEnded, contestFrozen, contestPublished, contestStarted, contestStarting, contestUpdated, registrationChanged } from '#contracts/contest'
import { submissionFaulted, submissionJudged } from '#contracts/submission'
import { accountMailAsked, sessionEnded, userRegistered, userUpdated } from '#contracts/user'
import { on, type Subscription } from '#kit/define-service'
import * as store from './store.ts'
import { keepAccountMail } from './usecases/account-mail.ts'
import { endSession, keepUser, welcome } from './usecases/keep-user.ts'
import type { PostDeps } from './usecases/post.ts'
import { keepContest, tellFrozen, tellMoment } from './usecases/tell-contest.ts'
import { tellFaulted, tellJudged } from './usecases/tell-submission.ts'

export const consumers = (deps: PostDeps): Subscription[] => [
  on(submissionJudged, (tx, fact) => tellJudged(deps, tx, fact)),
  on(submissionFaulted, (tx, fault) => tellFaulted(deps, tx, fault)),
  on(contestPublished, (tx, snapshot) => keepContest(deps, tx, snapshot)),
  on(contestUpdated, (tx, snapshot) => keepContest(deps, tx, snapshot)),
  on(contestStarting, (tx, moment) => tellMoment(deps, tx, 'starting', moment)),
  on(contestStarted, (tx, moment) => tellMoment(deps, tx, 'started', moment)),
  on(contestFrozen, (tx, { contestId }) => tellFrozen(deps, tx, contestId)),
  on(contestEnded, (tx, moment) => tellMoment(deps, tx, 'ended', moment)),
  on(registrationChanged, (tx, { contestId, userId }) => store.insertRegistration(tx, contestId, userId)),
  on(userRegistered, (tx, user) => welcome(deps, tx, user)),
  on(userUpdated, (tx, user) => keepUser(deps, tx, user)),
  on(accountMailAsked, (tx, asked, { id }) => keepAccountMail(deps, tx, asked, id)),
  on(sessionEnded, (tx, ended) => endSession(deps, tx, ended)),
]
