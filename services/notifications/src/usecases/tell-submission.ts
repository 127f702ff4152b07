import type { Static } from 'typebox'
import type { JudgedFact, submissionFaulted } from '#contracts/submission'
import type { Tx } from '#ports/db'
import { mayTellResult } from '../domain/feedback.ts'
import { faultNotice, judgedNotice } from '../domain/messages.ts'
import * as store from '../store.ts'
import { type PostDeps, post } from './post.ts'

/** Tells the author of a verdict: once an attempt, never of an overtaken one, and of a held one only when the contest has ended already. */
export async function tellJudged(deps: PostDeps, tx: Tx, fact: JudgedFact): Promise<void> {
  const now = deps.clock.now()
  if (fact.held && !mayTellResult(await contestOf(tx, fact.contestId), now)) return // the contest's end is told instead
  if (await store.markTold(tx, fact.submissionId, newsOf(fact.attempt, 'verdict'), now)) await post(deps, tx, fact.userId, judgedNotice(fact))
}

/** Tells the author that there is no verdict, and whose fault that is; not where nothing about a submission may change before the end. */
export async function tellFaulted(deps: PostDeps, tx: Tx, fault: Static<typeof submissionFaulted.payload>): Promise<void> {
  const now = deps.clock.now()
  const contest = await contestOf(tx, fault.contestId)
  if (fault.contestId !== null && !mayTellResult(contest, now)) return
  if (!(await store.markTold(tx, fault.submissionId, newsOf(fault.attempt, 'fault'), now))) return
  const label = contest?.problems.find((problem) => problem.problemId === fault.problemId)?.label
  await post(deps, tx, fault.userId, faultNotice({ ...fault, label }))
}

/** The order of what may be told of a submission: a fault of an attempt, its verdict all the same (staff had it judged again), the next attempt. */
const newsOf = (attempt: number, what: 'fault' | 'verdict') => 2 * attempt + (what === 'verdict' ? 1 : 0)

const contestOf = async (tx: Tx, contestId: string | null) => (contestId === null ? undefined : store.findContest(tx, contestId))
