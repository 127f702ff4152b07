import type { Static } from 'typebox'
import type { RejudgingApplied } from '#contracts/rejudging'
import type { JudgedFact, submissionFaulted } from '#contracts/submission'
import { instant } from '#kernel/time'
import { minutes } from '#kernel/units'
import type { Tx } from '#ports/db'
import { mayTellResult } from '../domain/feedback.ts'
import { faultNotice, judgedNotice, problemFaultNotice } from '../domain/messages.ts'
import * as store from '../store.ts'
import { type PostDeps, post, postEach } from './post.ts'

type Fault = Static<typeof submissionFaulted.payload>

/** Tells the author of a verdict: once an attempt, never of an overtaken one, and of a held one only when the contest has ended already. */
export async function tellJudged(deps: PostDeps, tx: Tx, fact: JudgedFact): Promise<void> {
  const now = deps.clock.now()
  if (fact.held && !mayTellResult(await contestOf(tx, fact.contestId), now)) return // the contest's end is told instead
  if (await store.markTold(tx, fact.submissionId, newsOf(fact.attempt, 'verdict'), now)) await post(deps, tx, fact.userId, judgedNotice(fact))
}

/** Tells each author what a rejudging has changed: many at once, each verdict by the same rules as one told alone. */
export async function tellRejudged(deps: PostDeps, tx: Tx, { contestId, verdicts }: RejudgingApplied): Promise<void> {
  const now = deps.clock.now()
  const mayTell = mayTellResult(await contestOf(tx, contestId), now)
  const telling = verdicts.filter(({ held }) => !held || mayTell)
  const news = await store.markToldEach(
    tx,
    telling.map(({ submissionId, attempt }) => ({ submissionId, news: newsOf(attempt, 'verdict') })),
    now,
  )
  const told = Map.groupBy(
    telling.filter(({ submissionId }) => news.has(submissionId)),
    ({ userId }) => userId,
  )
  // a batch has one message a user: whoever has several gets them one batch after another
  for (let nth = 0; ; nth++) {
    const layer = [...told].flatMap(([userId, facts]) => facts.slice(nth, nth + 1).map((fact) => ({ userId, notice: judgedNotice(fact) })))
    if (layer.length === 0) return
    await postEach(deps, tx, layer)
  }
}

/** Tells the author that there is no verdict, and whose fault that is; not where nothing about a submission may change before the end. */
export async function tellFaulted(deps: PostDeps, tx: Tx, fault: Fault): Promise<void> {
  const now = deps.clock.now()
  const contest = await contestOf(tx, fault.contestId)
  const label = contest?.problems.find((problem) => problem.problemId === fault.problemId)?.label
  if (fault.whose === 'setter') await tellStaff(deps, tx, fault, { owners: [fault.problemOwnerId, contest?.ownerId], label })
  if (fault.contestId !== null && !mayTellResult(contest, now)) return
  if (!(await store.markTold(tx, fault.submissionId, newsOf(fault.attempt, 'fault'), now))) return
  await post(deps, tx, fault.userId, faultNotice({ ...fault, label }))
}

const minutesBetweenFaults = 60
/** Whoever can mend it: once an hour a problem, however many wait. Also where participants are told nothing before the end. */
async function tellStaff(
  deps: PostDeps,
  tx: Tx,
  fault: Fault,
  { owners, label }: { owners: readonly (string | undefined)[]; label: string | undefined },
): Promise<void> {
  const at = deps.clock.now()
  const again = instant(at - minutes(minutesBetweenFaults))
  if (!(await store.markFaultTold(tx, fault.problemId, { at, again }))) return
  for (const userId of new Set(owners)) if (userId !== undefined) await post(deps, tx, userId, problemFaultNotice({ ...fault, label }))
}

/** The order of what may be told of a submission: a fault of an attempt, its verdict all the same (staff had it judged again), the next attempt. */
const newsOf = (attempt: number, what: 'fault' | 'verdict') => 2 * attempt + (what === 'verdict' ? 1 : 0)

const contestOf = async (tx: Tx, contestId: string | null) => (contestId === null ? undefined : store.findContest(tx, contestId))
