import type { UserSnapshot } from '#contracts/user'
import type { Tx } from '#ports/db'
import type { Boards } from '../boards.ts'
import * as store from '../store.ts'

/** A new name or school shows on every board the user is on. */
export async function keepUser({ boards }: { boards: Boards }, tx: Tx, user: UserSnapshot): Promise<void> {
  await store.lockUser(tx, user.userId)
  if (!(await store.keepUser(tx, user))) return
  for (const contestId of await store.listContestsOf(tx, user.userId)) {
    const contest = await store.lockContest(tx, contestId)
    const isShown = contest.phase !== 'scheduled'
    const version = contest.version + 1
    await store.touchRow(tx, contestId, user.userId, version)
    await store.saveRevisions(tx, { ...contest, version, publicRevision: contest.publicRevision + (isShown ? 1 : 0) })
    tx.afterCommit(() => boards.touch(contestId, isShown))
  }
}
