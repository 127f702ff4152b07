import type { ContestSnapshot } from '#contracts/contest'
import type { leaderboardRoutes } from '#contracts/leaderboard'
import type { RouteOutput } from '#contracts/route'
import { minutes } from '#kernel/units'
import type { Peers } from '#kit/peers'
import type { Db, Tx } from '#ports/db'
import { resultNotice } from '../domain/messages.ts'
import { decideResults, endOf, firstTryAt, nextTryAt } from '../domain/results.ts'
import { queueMails } from '../mail-store.ts'
import { claimResults, type DueResults, finishResults, listUntold, markResultsTold, planResults, tryResultsAt } from '../result-store.ts'
import * as store from '../store.ts'
import { type PostDeps, postEach } from './post.ts'

type Deps = PostDeps & { readonly db: Db; readonly peers: Peers }
type Answer = RouteOutput<(typeof leaderboardRoutes)['POST /internal/results/:contestId']>

/** As many as the board answers at once; their messages and mails are one transaction. */
const batch = 500
/** Longer than a contest of any size takes between two renewals: one batch. */
const lease = minutes(2)

/** With every new snapshot of a contest, in its transaction. */
export async function planResultsOf(tx: Tx, contest: ContestSnapshot): Promise<void> {
  const endsAt = endOf(contest)
  await planResults(tx, contest.contestId, endsAt === undefined ? undefined : { endsAt, firstTryAt: firstTryAt(endsAt) })
}

/** The job: tells the results of contests that are over. Each participant is told once, by a row that is written with the message. */
export async function tellResults(deps: Deps): Promise<void> {
  for (;;) {
    const due = await claimResults(deps.db, deps.clock.now(), lease)
    if (due === undefined) return
    const outcome = await tellContest(deps, due)
    if (outcome === 'done') await finishResults(deps.db, due, deps.clock.now())
    else await tryResultsAt(deps.db, due, nextTryAt(due.endsAt, deps.clock.now()))
  }
}

/** `later`: the board is not settled, does not answer, or does not know everybody who joined; an hour after the end the last is taken as it is. */
async function tellContest(deps: Deps, due: DueResults): Promise<'done' | 'later'> {
  const { db, clock, peers, log } = deps
  let isWhole = true
  for (let after: string | undefined; ; ) {
    const decision = decideResults(await store.findContest(db, due.contestId), due.endsAt, clock.now())
    if (decision === 'never') return 'done'
    const userIds = await listUntold(db, due.contestId, { after, limit: batch })
    if (userIds.length === 0) return isWhole ? 'done' : 'later'
    const answer = await peers.call('POST /internal/results/:contestId', { params: { contestId: due.contestId }, body: { userIds } })
    if (!answer.ok) {
      log.warn({ contestId: due.contestId, code: answer.error.code, reason: answer.error.cause }, 'the board did not tell the results; it is asked again')
      return 'later'
    }
    if (!answer.value.settled && decision === 'wait') return 'later'
    if (!(await db.transaction((tx) => tellSome(deps, tx, due, answer.value)))) return 'later'
    isWhole &&= answer.value.rows.length === userIds.length || (decision === 'now' && answer.value.settled)
    after = userIds.at(-1)
    await tryResultsAt(db, due, (clock.now() + lease) as typeof due.endsAt) // the lease goes on
  }
}

/** @returns false when the contest is not over any more. */
async function tellSome(deps: Deps, tx: Tx, { contestId, endsAt }: DueResults, { format, total, problemCount, rows }: Answer): Promise<boolean> {
  const now = deps.clock.now()
  const contest = await store.findContest(tx, contestId)
  if (contest === undefined || decideResults(contest, endsAt, now) === 'never') return false
  const untold = await markResultsTold(
    tx,
    contestId,
    rows.map(({ userId }) => userId),
    now,
  )
  const results = rows
    .filter(({ userId }) => untold.has(userId))
    .map(({ userId, rank, score, solved, attempted }) => ({ userId, attempted, own: { rank, total, score, solved } }))
  const shared = { contestId, title: contest.title, format, problemCount }
  await postEach(
    deps,
    tx,
    results.map(({ userId, own }) => ({ userId, notice: resultNotice({ ...shared, ...own }) })),
  )
  await queueMails(tx, {
    template: 'contest-result',
    at: now,
    params: shared,
    // who handed in nothing finds it in the inbox and is not written to
    each: results.filter(({ attempted }) => attempted > 0).map(({ userId, own }) => ({ id: deps.ids.next(), userId, params: own })),
  })
  return true
}
