import type { evaluationFinished } from '#contracts/evaluation'
import type { EventPayload } from '#contracts/route'
import { laneTopic } from '#contracts/submission'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { insertJudgement } from '../store.ts'
import { closeWhenDone, listUnderWay, settleMember, takeWaiting } from '../store-rejudgings.ts'

/**
 * A set is handed to the judge a few members at a time, each outcome bringing the next: ten thousand jobs at once would stand in the outbox before those of
 * a contest that runs, whatever their lane. What is out is in the queue and in the table; a crash loses neither, and a look every second goes on.
 */
const window = 16

/** Hands out members until `window` of them are with the judge. */
export async function feedRejudging(tx: Tx, rejudgingId: string, { outbox }: Pick<Deps, 'outbox'>, most = window): Promise<void> {
  const jobs = await takeWaiting(tx, rejudgingId, { most, window })
  await outbox.addAll(
    tx,
    jobs.map((payload) => ({ topic: laneTopic('rejudge'), payload })),
  )
}

/** Every set that is under way: what a crash, or two outcomes at once, have left. */
export async function feedRejudgings({ db, outbox }: Pick<Deps, 'db' | 'outbox'>): Promise<void> {
  for (const id of await listUnderWay(db)) {
    await db.transaction(async (tx) => {
      await feedRejudging(tx, id, { outbox })
      await closeWhenDone(tx, id)
    })
  }
}

/** The outcome of a judging aside: kept beside the one that counts, and told to nobody. One that no set waits for changes nothing. */
export async function keepAside(
  tx: Tx,
  { submissionId, attempt, outcome }: EventPayload<typeof evaluationFinished>,
  { outbox, clock }: Pick<Deps, 'outbox' | 'clock'>,
): Promise<void> {
  const fence = { submissionId, attempt }
  const rejudgingId = await settleMember(tx, fence, outcome.type)
  if (rejudgingId === undefined) return
  if (outcome.type === 'judged') await insertJudgement(tx, fence, outcome, clock.now())
  await feedRejudging(tx, rejudgingId, { outbox }, 1)
  await closeWhenDone(tx, rejudgingId)
}
