import type { ContestMoment, ContestSnapshot } from '#contracts/contest'
import { parseIso } from '#kernel/time'
import type { Tx } from '#ports/db'
import { type ContestChangedMoment, contestChanged, tellReplicas } from '../broadcasts.ts'
import { contestNotice } from '../domain/messages.ts'
import * as store from '../store.ts'
import { type PostDeps, postToParticipants } from './post.ts'

export async function keepContest(deps: PostDeps, tx: Tx, snapshot: ContestSnapshot): Promise<void> {
  if (await store.saveContest(tx, snapshot)) changed(deps, tx, snapshot.contestId, 'updated')
}

const codes = { starting: 'CONTEST_STARTING', started: 'CONTEST_STARTED', ended: 'CONTEST_ENDED' } as const

/** A moment of a contest goes to the inboxes of those who joined, and to the pages of all who look at it. "Starts soon" is not told after the start. */
export async function tellMoment(deps: PostDeps, tx: Tx, moment: keyof typeof codes, told: ContestMoment): Promise<void> {
  const contest = await store.findContest(tx, told.contestId)
  const startsAt = contest?.startsAt == null ? undefined : parseIso(contest.startsAt)
  const isLate = moment === 'starting' && startsAt !== undefined && startsAt <= deps.clock.now()
  if (contest?.deleted || isLate) return
  await postToParticipants(deps, tx, told.contestId, contestNotice(codes[moment], told))
  changed(deps, tx, told.contestId, moment)
}

/** The freeze is seen on pages, not told to anybody. */
export async function tellFrozen(deps: PostDeps, tx: Tx, contestId: string): Promise<void> {
  changed(deps, tx, contestId, 'frozen')
}

const changed = (deps: PostDeps, tx: Tx, contestId: string, moment: ContestChangedMoment) =>
  tx.afterCommit(() => tellReplicas(deps, contestChanged, { contestId, moment }))
