import { isDeepStrictEqual } from 'node:util'
import type { Db, Tx } from '#ports/db'
import type { ScoredRow } from './domain/format.ts'
import * as store from './store.ts'
import { recompute, saveDiffering, saveFirsts } from './usecases/settle-board.ts'

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
 * For a database that was put back to an earlier state. What was kept of its boards elsewhere (ranked views in Redis, answers in browsers by their ETag) is of
 * another history, and counting on from here would reach the same numbers with other rows. So each board goes on from numbers that were never used, and
 * who looks at it is told to read it again. Run as the service's own role.
 */
export const startNewHistorySql = `
  update contests set epoch = greatest(epoch + 1, unused.number), public_revision = unused.number, frame_revision = unused.number, pushed_revision = unused.number - 1
  from (select contest_id, greatest(public_revision + 1, extract(epoch from clock_timestamp())::bigint) as number from contests) unused
  where contests.contest_id = unused.contest_id`

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
  const anew = { ...contest, epoch: contest.epoch + 1 }
  const publicRevision = contest.publicRevision + 1
  const after = { ...anew, snapshot, version: contest.version + 1, publicRevision, frameRevision: publicRevision }
  const participants = await store.listParticipants(tx, contestId)
  const differences: BoardDifference[] = []
  for await (const page of recompute(tx, after, participants)) {
    differences.push(...page.flatMap((row) => differencesOf(contestId, row.known, row)))
    await saveDiffering(tx, after, page)
  }
  const orphans = await store.deleteRowsBeside(tx, contestId, participants)
  differences.push(...orphans.flatMap((row) => differencesOf(contestId, row, undefined)))
  if (differences.length === 0) await store.saveRevisions(tx, anew, { withFirsts: false })
  else await store.saveRevisions(tx, { ...after, firsts: await saveFirsts(tx, after, undefined) }, { withFirsts: true })
  return { rows: participants.length, differences }
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
