import type { Static } from 'typebox'
import type { Receipt, renewalDue, SubscriptionSnapshot } from '#contracts/billing'
import type { ContestFormat, Role, Verdict } from '#contracts/common'
import type { ContestMoment } from '#contracts/contest'
import type { Notification, NotificationCode, ServerMessage } from '#contracts/notifications'
import type { RunEnding, RunFinished } from '#contracts/runs'
import type { JudgedFact } from '#contracts/submission'
import { decimalText, type Money } from '#kernel/money'
import type { SubscriptionNews } from './subscription-news.ts'

/** A message before it has its place in an inbox. `params` fill the translated text; `message` is the English one. */
export type Notice = { readonly code: Static<typeof NotificationCode>; readonly params: Readonly<Record<string, unknown>>; readonly message: string }
/** A message in an inbox. */
export type Kept = Notice & { readonly seq: number; readonly at: string }

const words = {
  AC: 'Accepted',
  WA: 'Wrong Answer',
  TLE: 'Time Limit Exceeded',
  MLE: 'Memory Limit Exceeded',
  OLE: 'Output Limit Exceeded',
  RE: 'Run-time Error',
  CE: 'Compile Error',
  PARTIAL: 'Partially Accepted',
} as const satisfies Record<Verdict, string>

const forLabel = (label: string | null | undefined) => (label ? ` for ${label}` : '')

export function judgedNotice(fact: JudgedFact): Notice {
  const { submissionId, contestId, problemId, label, verdict, score } = fact
  const share = verdict === 'PARTIAL' ? ` (${score} %)` : ''
  return {
    code: 'SUBMISSION_JUDGED',
    params: { submissionId, ...(contestId ? { contestId } : {}), problemId, ...(label ? { label } : {}), verdict, score },
    message: `Your submission${forLabel(label)} was ${words[verdict]}${share}`,
  }
}

export type Faulted = { submissionId: string; contestId: string | null; problemId: string; label: string | undefined; whose: 'ours' | 'setter' }
/** Says whose fault it is, and that it is not the participant's. */
export function faultNotice({ submissionId, contestId, problemId, label, whose }: Faulted): Notice {
  const what = whose === 'ours' ? 'our judge failed; it will be judged again' : 'the problem has a fault; it will be judged once that is corrected'
  return {
    code: 'SUBMISSION_FAULT',
    params: { submissionId, ...(contestId ? { contestId } : {}), problemId, ...(label ? { label } : {}), whose },
    message: `Your submission${forLabel(label)} has no verdict yet: ${what}`,
  }
}

/** For the staff; the judge's own words are with the submission, which they may read. */
export function problemFaultNotice({ submissionId, contestId, problemId, label }: Omit<Faulted, 'whose'>): Notice {
  return {
    code: 'PROBLEM_FAULT',
    params: { submissionId, ...(contestId ? { contestId } : {}), problemId, ...(label ? { label } : {}) },
    message: `Problem${label ? ` ${label}` : ''} cannot be judged as it is; a submission waits until it is corrected`,
  }
}

const contestTexts = {
  CONTEST_TOMORROW: (title: string) => `“${title}” starts within a day`,
  CONTEST_STARTING: (title: string) => `“${title}” starts soon`,
  CONTEST_STARTED: (title: string) => `“${title}” has started`,
  CONTEST_ENDED: (title: string) => `“${title}” has ended; the results are open`,
} as const
export function contestNotice(code: keyof typeof contestTexts, { contestId, title, at }: ContestMoment): Notice {
  return { code, params: { contestId, title, at }, message: contestTexts[code](title) }
}

export type Result = {
  readonly contestId: string
  readonly title: string
  readonly format: ContestFormat
  readonly rank: number
  readonly total: number
  readonly score: number
  readonly solved: number
  readonly problemCount: number
}
const reachedIn = {
  icpc: ({ solved, problemCount }: Result) => `${solved} of ${problemCount} problems solved`,
  points: ({ score }: Result) => `${score} points`,
  ioi: ({ score }: Result) => `${score} points`,
} as const satisfies Record<ContestFormat, unknown>
export const resultNotice = (result: Result): Notice => ({
  code: 'CONTEST_RESULT',
  params: { ...result },
  message: `“${result.title}”: place ${result.rank} of ${result.total}, ${reachedIn[result.format](result)}`,
})

const moneyText = (money: Money) => `${decimalText(money)} ${money.currency}`
export function receiptNotice({ number, kind, planName, amount, currency, subscriptionId }: Receipt): Notice {
  const what = kind === 'receipt' ? `Receipt ${number}: ${moneyText({ amount, currency })} for` : `Credit note ${number}: ${moneyText({ amount, currency })} of`
  return { code: 'RECEIPT_ISSUED', params: { number, kind, planName, amount, currency, subscriptionId }, message: `${what} ${planName}` }
}
export function renewalNotice({ holderId: _, ...due }: Static<typeof renewalDue.payload>): Notice {
  const when = due.stage === 'soon' ? 'ends soon' : 'has ended and stays open for a while'
  return { code: 'RENEWAL_DUE', params: due, message: `${due.planName} ${when}; the next period costs ${moneyText(due)}` }
}
export function subscriptionNotice(news: SubscriptionNews, { subscriptionId, planName, openUntil, sponsored }: SubscriptionSnapshot): Notice {
  if (news === 'ended') return { code: 'SUBSCRIPTION_ENDED', params: { subscriptionId, planName }, message: `${planName} is over` }
  return { code: 'SUBSCRIPTION_OPENED', params: { subscriptionId, planName, openUntil, sponsored }, message: `${planName} is open to you` }
}

export const roleNotice = (role: Role): Notice => ({ code: 'ROLE_CHANGED', params: { role }, message: `Your role is now ${role}; log in again to use it` })
export const welcomeNotice = (name: string): Notice => ({ code: 'WELCOME', params: { name }, message: `Welcome to Competa Arena, ${name}` })

/** What a socket hears of a kept message. */
export function pushOf({ seq, code, params, message, at }: Kept): ServerMessage {
  if (code !== 'SUBMISSION_JUDGED') return { type: 'notification', seq, code, params: { ...params }, message, at }
  const { submissionId, contestId, problemId, label, verdict, score } = params as Record<string, string> & { verdict: Verdict; score: number }
  return {
    type: 'submission.judged',
    seq,
    id: submissionId ?? '',
    ...(contestId ? { contestId } : {}),
    problemId: problemId ?? '',
    ...(label ? { label } : {}),
    verdict,
    score,
    code,
    params: { ...params },
    message,
  }
}

const runWords = {
  exited: 'came to its end',
  signalled: 'crashed',
  forbiddenSyscall: 'asked for something that is forbidden here',
  cpuExceeded: 'used too much CPU time',
  wallExceeded: 'took too long',
  memoryExceeded: 'used too much memory',
  outputExceeded: 'printed too much',
  compileFailed: 'could not be compiled',
} as const satisfies Record<RunEnding, string>

/** What a socket hears of a run with its author's own input: that it is over and how, not what it printed. */
export function runPushOf({ runId, status, outcome, exitCode }: RunFinished): ServerMessage {
  const exit = exitCode ? ` (exit code ${exitCode})` : ''
  return {
    type: 'run.finished',
    id: runId,
    status,
    ...(outcome === null ? {} : { outcome }),
    code: status === 'finished' ? 'RUN_FINISHED' : 'RUN_FAULT',
    params: { runId, ...(outcome === null ? {} : { outcome }), ...(exitCode === null ? {} : { exitCode }) },
    message: outcome === null ? 'Your program could not be run; that is not its fault. Try again' : `Your program ${runWords[outcome]}${exit}`,
  }
}

export const inboxEntry = (kept: Kept, readSeq: number): Notification => ({ ...kept, params: { ...kept.params }, read: kept.seq <= readSeq })
