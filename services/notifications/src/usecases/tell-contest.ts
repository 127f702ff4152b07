import type { ContestMoment, ContestSnapshot } from '#contracts/contest'
import type { Tx } from '#ports/db'
import { type ContestChangedMoment, contestChanged, tellReplicas } from '../broadcasts.ts'
import { contestNotice } from '../domain/messages.ts'
import * as store from '../store.ts'
import { type PostDeps, postToParticipants } from './post.ts'
import { planRemindersOf } from './remind.ts'
import { planResultsOf } from './tell-result.ts'

export async function keepContest(deps: PostDeps, tx: Tx, snapshot: ContestSnapshot): Promise<void> {
  if (!(await store.saveContest(tx, snapshot))) return
  await planRemindersOf(tx, snapshot)
  await planResultsOf(tx, snapshot)
  changed(deps, tx, snapshot.contestId, 'updated')
}

const codes = { started: 'CONTEST_STARTED', ended: 'CONTEST_ENDED' } as const

/** A moment of a contest goes to the inboxes of those who joined, and to the pages of all who look at it.*/
export async function tellMoment(deps: PostDeps, tx: Tx, moment: keyof typeof codes, told: ContestMoment): Promise<void> {
  const contest = await store.findContest(tx, told.contestId)
  if (contest?.deleted) return
  await postToParticipants(deps, tx, told.contestId, contestNotice(codes[moment], told))
  changed(deps, tx, told.contestId, moment)
}

/** Seen on pages, not told to anybody: the freeze, and ten minutes before the start, of which those who joined were reminded (remind.ts). */
export async function showMoment(deps: PostDeps, tx: Tx, moment: 'starting' | 'frozen', contestId: string): Promise<void> {
  changed(deps, tx, contestId, moment)
}

const changed = (deps: PostDeps, tx: Tx, contestId: string, moment: ContestChangedMoment) =>
  tx.afterCommit(() => tellReplicas(deps, contestChanged, { contestId, moment }))
