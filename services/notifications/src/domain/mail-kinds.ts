import type { Currency, Receipt } from '#contracts/billing'
import type { ContestFormat } from '#contracts/common'
import type { MailKind } from '#contracts/notifications'

/**
 * Every mail there is, and what its text is filled with. Times are ISO 8601, amounts minor units of the currency. The receiver's name and language are
 * not among them: they are looked up when the mail is sent.
 */
export type MailParams = {
  // about the account, asked for a moment ago: sent to an address that is not proven yet
  welcome: AccountParams
  'verify-email': AccountParams
  'reset-password': AccountParams
  // all others go to proven addresses, unless their kind is turned off
  'contest-tomorrow': ContestStartParams
  'contest-soon': ContestStartParams
  'contest-result': {
    readonly contestId: string
    readonly title: string
    readonly format: ContestFormat
    readonly rank: number
    /** Participants on the board. */
    readonly total: number
    readonly score: number
    readonly solved: number
    readonly problemCount: number
  }
  receipt: ReceiptParams
  'credit-note': ReceiptParams & { readonly of: number }
  'renewal-due': RenewalParams
  'renewal-late': RenewalParams
  'subscription-over': { readonly planName: string }
}
type AccountParams = { readonly expiresAt: string }
type ContestStartParams = { readonly contestId: string; readonly title: string; readonly startsAt: string }
type ReceiptParams = Pick<Receipt, 'number' | 'planName' | 'amount' | 'currency' | 'periodStartsAt' | 'periodEndsAt' | 'reference'>
type RenewalParams = { readonly planName: string; readonly amount: number; readonly currency: Currency; readonly endsAt: string; readonly openUntil: string }

export type Template = keyof MailParams
export type AccountTemplate = 'welcome' | 'verify-email' | 'reset-password'
export type BulkTemplate = Exclude<Template, AccountTemplate>

/** By which preference a mail is turned off; null: it is about the account itself, and always sent. */
export const preferenceOf = {
  welcome: null,
  'verify-email': null,
  'reset-password': null,
  'contest-tomorrow': 'reminders',
  'contest-soon': 'reminders',
  'contest-result': 'results',
  receipt: 'receipts',
  'credit-note': 'receipts',
  'renewal-due': 'receipts',
  'renewal-late': 'receipts',
  'subscription-over': 'receipts',
} as const satisfies Record<AccountTemplate, null> & Record<BulkTemplate, MailKind>

export const isTemplate = (name: string): name is Template => Object.hasOwn(preferenceOf, name)
