import { receiptIssued, renewalDue, subscriptionChanged } from '#contracts/billing'
import { contestEnded, contestFrozen, contestPublished, contestStarted, contestStarting, contestUpdated, registrationChanged } from '#contracts/contest'
import { rejudgingApplied } from '#contracts/rejudging'
import { submissionFaulted, submissionJudged } from '#contracts/submission'
import { accountMailAsked, sessionEnded, userRegistered, userUpdated } from '#contracts/user'
import { on, type Subscription } from '#kit/define-service'
import * as store from './store.ts'
import { keepAccountMail } from './usecases/account-mail.ts'
import { endSession, keepUser, welcome } from './usecases/keep-user.ts'
import type { PostDeps } from './usecases/post.ts'
import { tellReceipt, tellRenewal, tellSubscription } from './usecases/tell-billing.ts'
import { keepContest, showMoment, tellMoment } from './usecases/tell-contest.ts'
import { tellFaulted, tellJudged, tellRejudged } from './usecases/tell-submission.ts'

export const consumers = (deps: PostDeps): Subscription[] => [
  on(submissionJudged, (tx, fact) => tellJudged(deps, tx, fact)),
  on(submissionFaulted, (tx, fault) => tellFaulted(deps, tx, fault)),
  on(rejudgingApplied, (tx, applied) => tellRejudged(deps, tx, applied)),
  on(contestPublished, (tx, snapshot) => keepContest(deps, tx, snapshot)),
  on(contestUpdated, (tx, snapshot) => keepContest(deps, tx, snapshot)),
  on(contestStarting, (tx, { contestId }) => showMoment(deps, tx, 'starting', contestId)),
  on(contestStarted, (tx, moment) => tellMoment(deps, tx, 'started', moment)),
  on(contestFrozen, (tx, { contestId }) => showMoment(deps, tx, 'frozen', contestId)),
  on(contestEnded, (tx, moment) => tellMoment(deps, tx, 'ended', moment)),
  on(registrationChanged, (tx, { contestId, userId }) => store.insertRegistration(tx, contestId, userId)),
  on(receiptIssued, (tx, issued, { id }) => tellReceipt(deps, tx, issued, { mailId: id })),
  on(renewalDue, (tx, due, { id }) => tellRenewal(deps, tx, due, { mailId: id })),
  on(subscriptionChanged, (tx, snapshot, { id }) => tellSubscription(deps, tx, snapshot, { mailId: id })),
  on(userRegistered, (tx, user) => welcome(deps, tx, user)),
  on(userUpdated, (tx, user) => keepUser(deps, tx, user)),
  on(accountMailAsked, (tx, asked, { id }) => keepAccountMail(deps, tx, asked, id)),
  on(sessionEnded, (tx, ended) => endSession(deps, tx, ended)),
]
