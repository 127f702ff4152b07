import type { leaderboardRoutes } from '#contracts/leaderboard'
import type { MovedRow } from '#contracts/rejudging'
import { fail, ok } from '#kernel/result'
import type { Handler } from '#kit/define-service'
import type { Db } from '#ports/db'
import { type Fact, rulesOf } from '../domain/facts.ts'
import { judgedFactOf } from '../domain/judged-fact.ts'
import { scoreRow } from '../domain/score-row.ts'
import { type Standing, standings } from '../domain/standings.ts'
import * as store from '../store.ts'

const shownMost = 500
const pageUsers = 500

/**
 * The full board as it would be if these verdicts counted, beside what it is. Rows of the participants they touch are computed from the log and the verdicts;
 * of all others the totals are read, since ranks move with them. Nothing is written, and no lock is held: it is of the moment it was asked.
 */
export function previewBoard({ db }: { readonly db: Db }): Handler<(typeof leaderboardRoutes)['POST /internal/board-preview/:contestId']> {
  return async ({ params: { contestId }, body }) => {
    const snapshot = await store.findNewestSnapshot(db, contestId)
    if (snapshot === undefined || snapshot.deleted) return fail({ code: 'BOARD_NOT_FOUND' })
    const rules = rulesOf(snapshot)
    const before = await store.listTotals(db, contestId)
    const hypothetical = Map.groupBy(body.verdicts.map(judgedFactOf), ({ userId }) => userId)
    const after = new Map(before)
    const touched = [...hypothetical.keys()]
    for (let from = 0; from < touched.length; from += pageUsers) {
      const some = touched.slice(from, from + pageUsers)
      const factsOf = Map.groupBy(await store.listFacts(db, contestId, some), ({ userId }) => userId)
      for (const userId of some) {
        const facts: Fact[] = [...(factsOf.get(userId) ?? []), ...(hypothetical.get(userId) ?? [])]
        const row = scoreRow(rules, userId, facts, undefined)
        if (row !== undefined) after.set(userId, { score: row.score, penalty: row.penalty, lastMinute: row.lastMinute })
      }
    }
    const moved = movedRows(standings(before), standings(after))
    const names = await store.listNames(
      db,
      moved.slice(0, shownMost).map(({ userId }) => userId),
    )
    return ok({ rows: moved.slice(0, shownMost).map((row) => ({ ...row, name: names.get(row.userId) ?? '' })), moved: moved.length })
  }
}

type Moved = Omit<MovedRow, 'name'>
/** In the order of the board to be; equal ranks by id. */
function movedRows(before: ReadonlyMap<string, Standing>, after: ReadonlyMap<string, Standing>): Moved[] {
  return [...after]
    .flatMap(([userId, to]): Moved[] => {
      const was = before.get(userId)
      if (was === undefined || (was.rank === to.rank && was.score === to.score && was.penalty === to.penalty)) return []
      return [{ userId, before: was, after: to }]
    })
    .sort((a, b) => a.after.rank - b.after.rank || (a.userId < b.userId ? -1 : 1))
}
