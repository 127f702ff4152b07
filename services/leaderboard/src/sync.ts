import type { Db } from '#ports/db'
import { maxStepRows, type RankedRow, type RankedView, type Stand } from '#ports/ranked-view'
import { rowText } from './domain/board.ts'
import { headOf, isKnown, type KnownContest } from './page.ts'
import * as store from './store.ts'

/** Public and full board are kept apart: the public way never asks for what holds hidden rows. */
export const nameOf = (contestId: string, board: store.BoardKind): string => `${contestId}/${board}`

const pageRows = maxStepRows
/** Another writer, a Redis that went or forgot: each costs one more try. */
const maxTries = 5

/**
 * Brings a ranked view up to the database: what changed since the view's version as one step or, where there is nothing to go on from or very much changed,
 * built anew in pages. Any number may do so at once, in any process.
 * @returns the contest as of then; undefined when it has no board (yet). @throws when the database fails.
 */
export async function syncBoard(deps: { readonly db: Db; readonly rankedView: RankedView }, contestId: string, board: store.BoardKind) {
  const { db, rankedView } = deps
  const name = nameOf(contestId, board)
  for (let tries = 0; tries < maxTries; tries++) {
    const stand = await rankedView.stand(name)
    // the view's stand was read first, so the database is as new, or has been put back to an older state
    const since = await store.loadChanges(db, contestId, { board, after: { version: stand?.version ?? -1 }, limit: pageRows })
    if (since === undefined || !isKnown(since.contest)) return undefined
    const { contest, rows } = since
    if (stand !== undefined && isBefore(contest, stand)) await rankedView.drop(name)
    else if (stand?.epoch === contest.epoch && stand.version === contest.version) return contest
    else if (rows.length < pageRows && (stand === undefined || stand.epoch === contest.epoch)) {
      const step = { epoch: contest.epoch, version: contest.version, from: stand?.version ?? -1, head: JSON.stringify(headOf(contest, board)) }
      if (await rankedView.advance(name, { ...step, rows: rows.map(rankedRow) })) return contest
    } else {
      const rebuilt = await rebuild(deps, contest, board)
      if (rebuilt !== undefined) return rebuilt
    }
  }
  throw new Error(`the ranked view of ${name} did not come up to the database in ${maxTries} tries`)
}

const isBefore = (contest: KnownContest, { epoch, version }: Stand): boolean => contest.epoch < epoch || (contest.epoch === epoch && contest.version < version)

const rankedRow = ({ userId, version, row, name, school }: store.BoardEntry): RankedRow => ({ id: userId, version, ...rowText({ row, name, school }) })

/** @returns undefined when it has to begin again: the view lost it, or the epoch moved on meanwhile. */
async function rebuild({ db, rankedView }: { readonly db: Db; readonly rankedView: RankedView }, { contestId, epoch }: KnownContest, board: store.BoardKind) {
  const build = await rankedView.rebuild(nameOf(contestId, board), epoch)
  let after: { version: number; userId?: string } = { version: -1 }
  for (;;) {
    const page = await store.loadChanges(db, contestId, { board, after, limit: pageRows })
    if (page === undefined || !isKnown(page.contest) || page.contest.epoch !== epoch) return undefined
    await build.add(page.rows.map(rankedRow))
    const last = page.rows.at(-1)
    if (last === undefined || page.rows.length < pageRows) {
      const isKept = await build.finish({ version: page.contest.version, head: JSON.stringify(headOf(page.contest, board)) })
      return isKept ? page.contest : undefined
    }
    after = last
  }
}
