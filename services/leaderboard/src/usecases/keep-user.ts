import type { UserSnapshot } from '#contracts/user'
import type { Tx } from '#ports/db'
import type { Boards } from '../boards.ts'
import * as store from '../store.ts'

/** A new name or school shows on every board the user is on. */
export async function keepUser({ boards }: { boards: Boards }, tx: Tx, user: UserSnapshot): Promise<void> {
  await store.lockUsers(tx, [user.userId])
  if (!(await store.keepUser(tx, user))) return
  for (const contestId of await store.listContestsOf(tx, user.userId)) {
    const contest = await store.lockContest(tx, contestId)
    const isShown = contest.phase !== 'scheduled'
    const after = { ...contest, version: contest.version + 1, publicRevision: contest.publicRevision + (isShown ? 1 : 0) }
    await store.touchRow(tx, user.userId, after)
    await store.saveRevisions(tx, after, { withFirsts: false })
    tx.afterCommit(() => boards.touch(contestId, isShown))
  }
}
