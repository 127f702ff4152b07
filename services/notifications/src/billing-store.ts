import type { Tx } from '#ports/db'
import type { ToldSubscription } from './domain/subscription-news.ts'

/** What the holder of a subscription heard last, locked until the transaction ends. */
export async function findToldSubscription(tx: Tx, subscriptionId: string): Promise<ToldSubscription | undefined> {
  // the row is there before it is read, so that two first snapshots at once wait for each other
  await tx.query('insert into told_subscriptions (subscription_id, revision) values ($1, -1) on conflict do nothing', [subscriptionId])
  const { rows } = await tx.query<{ revision: string; last: ToldSubscription['last'] }>(
    'select revision, last from told_subscriptions where subscription_id = $1 for update',
    [subscriptionId],
  )
  const [row] = rows
  return row && { revision: Number(row.revision), last: row.last }
}
export async function saveToldSubscription(tx: Tx, subscriptionId: string, { revision, last }: ToldSubscription): Promise<void> {
  await tx.query('update told_subscriptions set revision = $2, last = $3 where subscription_id = $1', [subscriptionId, revision, last])
}
