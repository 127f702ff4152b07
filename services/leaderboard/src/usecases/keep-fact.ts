import type { Clock } from '#ports/clock'
import type { Tx } from '#ports/db'
import type { Boards } from '../boards.ts'
import type { Fact } from '../domain/facts.ts'
import * as store from '../store.ts'
import { settleBoard } from './settle-board.ts'

/** A fact enters its contest's log and its participant's row is computed again. Before the contest itself is known the log alone grows. */
export async function keepFact(deps: { clock: Clock; boards: Boards }, tx: Tx, contestId: string, fact: Fact): Promise<void> {
  if (fact.kind === 'registered') await store.lockUser(tx, fact.userId)
  const contest = await store.lockContest(tx, contestId)
  if (!(await store.appendFact(tx, contestId, fact)) || contest.snapshot === undefined) return
  const next = { snapshot: contest.snapshot, phase: contest.phase, now: deps.clock.now() }
  const settled = await settleBoard(tx, contest, next, { userId: fact.userId })
  if (settled.moved) tx.afterCommit(() => deps.boards.touch(contestId, settled.publicMoved))
}
