import type { Static } from 'typebox'
import type { NotificationCode, NotificationTopic } from '#contracts/notifications'

type Code = Static<typeof NotificationCode>
/** What a message is about, for who looks for one. What is not named here is about a contest. */
const codesOf: Readonly<Record<Exclude<NotificationTopic, 'contests'>, readonly Code[]>> = {
  submissions: ['SUBMISSION_JUDGED', 'SUBMISSION_FAULT'],
  account: ['ROLE_CHANGED', 'WELCOME'],
  billing: ['RECEIPT_ISSUED', 'RENEWAL_DUE', 'SUBSCRIPTION_OPENED', 'SUBSCRIPTION_ENDED'],
}

/** Codes to be found, or (`others`) all but those. */
export function codesAbout(topic: NotificationTopic): { readonly codes: readonly string[]; readonly others: boolean } {
  return topic === 'contests' ? { codes: Object.values(codesOf).flat(), others: true } : { codes: codesOf[topic], others: false }
}
