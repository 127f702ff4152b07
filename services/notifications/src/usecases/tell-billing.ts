import type { Static } from 'typebox'
import type { ReceiptIssued, renewalDue, SubscriptionSnapshot } from '#contracts/billing'
import type { Tx } from '#ports/db'
import { findToldSubscription, saveToldSubscription } from '../billing-store.ts'
import { receiptNotice, renewalNotice, subscriptionNotice } from '../domain/messages.ts'
import { newsOf } from '../domain/subscription-news.ts'
import { queueMails } from '../mail-store.ts'
import { type PostDeps, post } from './post.ts'

/** `mailId`: the event's own id, so that it is one mail however often it comes. */
type About = { readonly mailId: string }

export async function tellReceipt(deps: PostDeps, tx: Tx, { holderId, receipt }: ReceiptIssued, { mailId }: About): Promise<void> {
  const { number, of, planName, amount, currency, periodStartsAt, periodEndsAt, reference } = receipt
  await post(deps, tx, holderId, receiptNotice(receipt))
  const params = { number, planName, amount, currency, periodStartsAt, periodEndsAt, reference }
  const mail = { at: deps.clock.now(), each: [{ id: mailId, userId: holderId }] }
  if (receipt.kind === 'receipt') await queueMails(tx, { ...mail, template: 'receipt', params })
  else await queueMails(tx, { ...mail, template: 'credit-note', params: { ...params, of: of ?? 0 } })
}

export async function tellRenewal(deps: PostDeps, tx: Tx, due: Static<typeof renewalDue.payload>, { mailId }: About): Promise<void> {
  const { holderId, planName, amount, currency, endsAt, openUntil, stage } = due
  await post(deps, tx, holderId, renewalNotice(due))
  await queueMails(tx, {
    template: stage === 'soon' ? 'renewal-due' : 'renewal-late',
    at: deps.clock.now(),
    params: { planName, amount, currency, endsAt, openUntil },
    each: [{ id: mailId, userId: holderId }],
  })
}

/** To its holder, and only what is news to them (domain/subscription-news.ts). Of its beginning the receipt is mail enough. */
export async function tellSubscription(deps: PostDeps, tx: Tx, snapshot: SubscriptionSnapshot, { mailId }: About): Promise<void> {
  const { subscriptionId, holderId, planName } = snapshot
  const decided = newsOf(await findToldSubscription(tx, subscriptionId), snapshot)
  if (decided === undefined) return
  await saveToldSubscription(tx, subscriptionId, decided.told)
  if (decided.news === undefined) return
  await post(deps, tx, holderId, subscriptionNotice(decided.news, snapshot))
  if (decided.news === 'ended')
    await queueMails(tx, { template: 'subscription-over', at: deps.clock.now(), params: { planName }, each: [{ id: mailId, userId: holderId }] })
}
