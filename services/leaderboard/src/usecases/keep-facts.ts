import type { Clock } from '#ports/clock'
import type { Tx } from '#ports/db'
import type { Boards } from '../boards.ts'
import type { Fact } from '../domain/facts.ts'
import * as store from '../store.ts'
import { settleBoard } from './settle-board.ts'

/**
 * Facts enter their contest's log and the rows of their participants are computed again, each once: a group costs as many statements as one fact does,
 * and moves the board by one revision. Before the contest itself is known the log alone grows.
 */
export async function keepFacts(deps: { clock: Clock; boards: Boards }, tx: Tx, contestId: string, facts: readonly Fact[]): Promise<void> {
  const joining = facts.filter((fact) => fact.kind === 'registered').map((fact) => fact.userId)
  if (joining.length > 0) await store.lockUsers(tx, joining)
  const contest = await store.lockContest(tx, contestId)
  const userIds = await store.appendFacts(tx, contestId, facts)
  if (userIds.length === 0 || contest.snapshot === undefined) return
  const next = { snapshot: contest.snapshot, phase: contest.phase, now: deps.clock.now() }
  const settled = await settleBoard(tx, contest, next, userIds)
  if (settled.moved) tx.afterCommit(() => deps.boards.touch(contestId, settled.publicMoved))
}
