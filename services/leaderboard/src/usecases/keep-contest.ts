import { isDeepStrictEqual } from 'node:util'
import type { ContestSnapshot } from '#contracts/contest'
import type { Clock } from '#ports/clock'
import type { Db, Tx } from '#ports/db'
import type { Boards } from '../boards.ts'
import { rulesOf } from '../domain/facts.ts'
import { cutOf, nextTurn, phaseAt } from '../domain/phase.ts'
import * as store from '../store.ts'
import { type Scope, settleBoard } from './settle-board.ts'

type Deps = { readonly clock: Clock; readonly boards: Boards }

/** Keeps the newest snapshot of a contest, in whatever order they come; all rows are computed again when its rules or its cut are others now. */
export async function keepContest(deps: Deps, tx: Tx, snapshot: ContestSnapshot): Promise<void> {
  const contest = await store.lockContest(tx, snapshot.contestId)
  if (!(await store.appendSnapshot(tx, snapshot))) return
  if (contest.snapshot !== undefined && contest.snapshot.revision >= snapshot.revision) return
  await turn(deps, tx, contest, snapshot)
}

/** Start, freeze and end: the public board turns its page when its time has come. Idempotent; a contest whose time was moved away stays as it is. */
export async function turnPhase(deps: Deps, tx: Tx, contestId: string): Promise<void> {
  const contest = await store.lockContest(tx, contestId)
  if (contest.snapshot !== undefined) await turn(deps, tx, contest, contest.snapshot)
}

async function turn({ clock, boards }: Deps, tx: Tx, contest: store.KeptContest, snapshot: ContestSnapshot): Promise<void> {
  const now = clock.now()
  const phase = phaseAt(snapshot, now)
  const settled = await settleBoard(tx, contest, { snapshot, phase, now }, scopeOf(contest, snapshot, cutOf(snapshot, phase)))
  if (settled.moved) tx.afterCommit(() => boards.touch(contest.contestId, settled.publicMoved))
  else await store.saveContest(tx, contest, nextTurn(snapshot, now)) // a moment passed that changed nothing: on to the next one
}

function scopeOf(before: store.KeptContest, snapshot: ContestSnapshot, cut: ReturnType<typeof cutOf>): Scope {
  if (before.snapshot === undefined) return 'everybody'
  const sameRules = isDeepStrictEqual(rulesOf(before.snapshot), rulesOf(snapshot))
  return sameRules && cutOf(before.snapshot, before.phase) === cut ? 'nobody' : 'everybody'
}

/** The job: contests whose next moment has come, each in a transaction of its own. One that fails holds up no other. @throws what failed, at the end. */
export async function turnPhases(deps: Deps & { readonly db: Db }): Promise<void> {
  const failures: unknown[] = []
  for (const contestId of await store.listTurning(deps.db, deps.clock.now())) {
    await deps.db
      .transaction((tx) => turnPhase(deps, tx, contestId))
      .catch((cause: unknown) => failures.push(new Error(`the board of ${contestId} did not turn`, { cause })))
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
}
