import { isDeepStrictEqual } from 'node:util'
import type { Db, Tx } from '#ports/db'
import type { ScoredRow } from './domain/format.ts'
import * as store from './store.ts'
import { recompute, saveDiffering } from './usecases/settle-board.ts'

export type BoardDifference = {
  readonly contestId: string
  readonly userId: string
  /** Which of the two boards was wrong. */
  readonly board: 'public' | 'full'
  readonly kept: ScoredRow | undefined
  /** Undefined: a row that no fact of the log speaks for; it is removed. */
  readonly rebuilt: ScoredRow | undefined
}
export type Rebuild = { readonly contests: number; readonly rows: number; readonly differences: readonly BoardDifference[] }

/**
 * Computes the rows of one contest, or of all, from the log again and puts right those that differ; the phase (before start, open, frozen, thawed) is as
 * kept. Safe beside a running arena: each contest is locked while it is rebuilt. Its epoch grows, so that running services throw their ranked views away
 * (in memory or in Redis) and build them again when they are read next, at the latest after a second.
 * @returns what differed; nothing on a healthy arena. A contest nobody knows counts as none.
 */
export async function rebuildBoards(db: Db, { contestId }: { contestId?: string | undefined } = {}): Promise<Rebuild> {
  let contests = 0
  let rows = 0
  const differences: BoardDifference[] = []
  for (const id of contestId === undefined ? await store.listContestIds(db) : [contestId]) {
    const rebuilt = await db.transaction((tx) => rebuildOne(tx, id))
    if (rebuilt === undefined) continue
    contests += 1
    rows += rebuilt.rows
    differences.push(...rebuilt.differences)
  }
  return { contests, rows, differences }
}

async function rebuildOne(tx: Tx, contestId: string): Promise<{ rows: number; differences: BoardDifference[] } | undefined> {
  const contest = await store.findAndLockContest(tx, contestId)
  const snapshot = await store.findNewestSnapshot(tx, contestId)
  if (contest === undefined || snapshot === undefined) return undefined
  const kept = new Map((await store.listRows(tx, contestId, undefined)).map((row) => [row.userId, row]))
  const differing = await recompute(tx, contestId, { snapshot, phase: contest.phase }, 'everybody')
  const spokenFor = new Set((await store.listFacts(tx, contestId, undefined)).filter((fact) => fact.kind === 'registered').map((fact) => fact.userId))
  const orphans = [...kept.values()].filter((row) => !spokenFor.has(row.userId))
  const differences = [
    ...differing.flatMap((row) => differencesOf(contestId, kept.get(row.userId), row)),
    ...orphans.flatMap((row) => differencesOf(contestId, row, undefined)),
  ]
  const anew = { ...contest, epoch: contest.epoch + 1 }
  if (differences.length === 0) await store.saveRevisions(tx, anew, { withFirsts: false })
  else {
    const publicRevision = contest.publicRevision + 1
    const after = { ...anew, version: contest.version + 1, publicRevision, frameRevision: publicRevision }
    await store.deleteRows(
      tx,
      contestId,
      orphans.map((row) => row.userId),
    )
    await store.saveRevisions(tx, { ...after, firsts: await saveDiffering(tx, after, differing, true) }, { withFirsts: true })
  }
  return { rows: spokenFor.size, differences }
}

type Rows = Pick<store.KeptRow, 'userId' | 'publicRow' | 'fullRow'>
function differencesOf(contestId: string, kept: Rows | undefined, rebuilt: Rows | undefined): BoardDifference[] {
  const userId = kept?.userId ?? rebuilt?.userId ?? ''
  const boards = [
    { board: 'public', kept: kept?.publicRow, rebuilt: rebuilt?.publicRow },
    { board: 'full', kept: kept?.fullRow, rebuilt: rebuilt?.fullRow },
  ] as const
  return boards.filter((one) => !isDeepStrictEqual(one.kept, one.rebuilt)).map((one) => ({ contestId, userId, ...one }))
}
