import Type, { type Static } from 'typebox'
import { Closed, Id, Time } from './common.ts'
import { event, routes } from './route.ts'

/**
 * Money is an integer of the currency's minor unit and its ISO 4217 code: 1500 RWF is 1,500 francs (the franc has no minor unit), 1500 USD is 15.00 dollars.
 * @see ISO 4217, list one (minor units: RWF 0, USD 2, EUR 2)
 */
export const Currency = Type.Enum(['RWF', 'USD', 'EUR'])
export type Currency = Static<typeof Currency>
export const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: 'minor units of the currency' })
const PositiveAmount = Type.Integer({ minimum: 1, maximum: 1_000_000_000_000, description: 'minor units of the currency' })
export const Price = Closed({ currency: Currency, amount: Amount })
export type Price = Static<typeof Price>

/** Who a plan is for: one person, or all members of a school who redeemed its code. */
export const Audience = Type.Enum(['person', 'school'])
export type Audience = Static<typeof Audience>
/** What a subscription opens. */
export const Grant = Type.Enum(['premium-contests'])
export type Grant = Static<typeof Grant>
export const ProviderName = Type.Enum(['sandbox', 'manual', 'flutterwave', 'stripe'])
export type ProviderName = Static<typeof ProviderName>
/** As the user chooses: a card, mobile money, a bank transfer that an admin confirms, or play money. */
export const PaymentMethod = Type.Enum(['card', 'mobile-money', 'bank-transfer', 'play-money'])
export type PaymentMethod = Static<typeof PaymentMethod>

const planFields = {
  name: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
  description: Type.String({ maxLength: 500 }),
  /** One line each, for people to read. What a plan opens is `grants`. */
  features: Type.Array(Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }), { maxItems: 12 }),
  grants: Type.Array(Grant, { minItems: 1, maxItems: 10, uniqueItems: true }),
  audience: Audience,
  periodMonths: Type.Integer({ minimum: 1, maximum: 36 }),
  trialDays: Type.Integer({ minimum: 0, maximum: 90, description: 'once for each holder and plan; no payment is asked before its end' }),
  graceDays: Type.Integer({ minimum: 0, maximum: 60, description: 'how long after an unpaid period all goes on' }),
  /** Members of a school at most; null for a person's plan. */
  seats: Type.Union([Type.Integer({ minimum: 1, maximum: 100_000 }), Type.Null()]),
  /** At least one; each currency once. A price of 0 needs no payment. */
  prices: Type.Array(Price, { minItems: 1, maxItems: 3 }),
}
export const NewPlan = Closed(planFields)
export type NewPlan = Static<typeof NewPlan>
/** Changes hold for what is bought from now on: a subscription keeps the terms it was bought with until its next period. */
export const PlanChange = Type.Partial(Closed({ ...planFields, active: Type.Boolean() }), { additionalProperties: false, minProperties: 1 })
export type PlanChange = Static<typeof PlanChange>
export const Plan = Type.Object({ id: Id, ...planFields, active: Type.Boolean() })
export type Plan = Static<typeof Plan>

/**
 * `pending`: bought, not paid yet, opens nothing. `trialing`, `active`: open. `grace`: the period is over and unpaid, still open. `expired`, `cancelled`: over
 * (a cancelled one stays `active` or `trialing` with `cancelsAtPeriodEnd` until its end).
 */
export const SubscriptionStatus = Type.Enum(['pending', 'trialing', 'active', 'grace', 'expired', 'cancelled'])
export type SubscriptionStatus = Static<typeof SubscriptionStatus>
export const PaymentStatus = Type.Enum(['pending', 'succeeded', 'failed', 'expired'])
export type PaymentStatus = Static<typeof PaymentStatus>

/** Where and how to pay. `url`: the provider's page. `instructions`: for a bank transfer, in English, one line each. */
export const Checkout = Type.Object({
  paymentId: Id,
  provider: ProviderName,
  amount: Amount,
  currency: Currency,
  url: Type.Optional(Type.String()),
  instructions: Type.Optional(Type.Array(Type.String())),
  /** What a bank transfer must name, so that it is found. */
  reference: Type.String(),
  expiresAt: Type.Optional(Type.String()),
})
export type Checkout = Static<typeof Checkout>

export const Subscription = Type.Object({
  id: Id,
  planId: Id,
  planName: Type.String(),
  audience: Audience,
  grants: Type.Array(Grant),
  /** The school's name as its holder wrote it; null for a person's. */
  school: Type.Union([Type.String(), Type.Null()]),
  status: SubscriptionStatus,
  /** The caller holds it (pays for it); false: a member of a school. */
  isHolder: Type.Boolean(),
  price: Price,
  provider: ProviderName,
  createdAt: Type.String(),
  /** Null while pending. */
  periodStartsAt: Type.Union([Type.String(), Type.Null()]),
  periodEndsAt: Type.Union([Type.String(), Type.Null()]),
  /** Until then everything is open if nobody pays any more: the period's end and the days of grace. Null: opens nothing. */
  openUntil: Type.Union([Type.String(), Type.Null()]),
  cancelsAtPeriodEnd: Type.Boolean(),
  sponsored: Type.Boolean(),
  seats: Type.Union([Type.Integer(), Type.Null()]),
  memberCount: Type.Integer(),
  /** Members join by it; shown to the holder only. */
  joinCode: Type.Optional(Type.String()),
  /** A payment that waits for the holder: the first one, or the next period's. */
  due: Type.Optional(Checkout),
})
export type Subscription = Static<typeof Subscription>

/** A receipt (money came) or a credit note (money went back). Numbers count up by one over both kinds, without a gap, in the order they were given. */
export const Receipt = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  kind: Type.Enum(['receipt', 'credit-note']),
  /** The receipt that a credit note takes back from. */
  of: Type.Optional(Type.Integer()),
  issuedAt: Type.String(),
  /** As they were called when it was issued. */
  payerName: Type.String(),
  school: Type.Union([Type.String(), Type.Null()]),
  planName: Type.String(),
  periodStartsAt: Type.String(),
  periodEndsAt: Type.String(),
  amount: Amount,
  currency: Currency,
  provider: ProviderName,
  reference: Type.String(),
  subscriptionId: Id,
})
export type Receipt = Static<typeof Receipt>

export const Payment = Type.Object({
  id: Id,
  subscriptionId: Id,
  holderId: Id,
  holderName: Type.String(),
  planName: Type.String(),
  status: PaymentStatus,
  /** What came; until it came, what was asked for (`trouble` says where the two are not the same). */
  amount: Amount,
  currency: Currency,
  /** Given back, or on its way back. */
  refundedAmount: Amount,
  provider: ProviderName,
  reference: Type.String(),
  /** The provider's own name for it. */
  providerRef: Type.Optional(Type.String()),
  createdAt: Type.String(),
  paidAt: Type.Optional(Type.String()),
  receiptNumber: Type.Optional(Type.Integer()),
  /** What does not fit and a person has to look at: another amount or currency came than was asked, or money for what is over. English. */
  trouble: Type.Optional(Type.String()),
})
export type Payment = Static<typeof Payment>

/** Debit is positive, credit negative; the postings of one entry add up to zero in each currency. */
export const LedgerEntry = Type.Object({
  id: Id,
  at: Type.String(),
  /** `application`: money that was the customer's credit turned out to fit a period after all. */
  kind: Type.Enum(['payment', 'refund', 'application']),
  reference: Type.String(),
  postings: Type.Array(Type.Object({ account: Type.String(), currency: Currency, amount: Type.Integer() })),
})
export type LedgerEntry = Static<typeof LedgerEntry>

const byId = Closed({ id: Id })
const page = { after: Type.Optional(Type.Integer({ minimum: 0 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }
const school = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' })
const IdempotencyKey = Type.String({ minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' })
const SubscriptionAnswer = Type.Object({ subscription: Subscription, checkout: Type.Optional(Checkout), serverNow: Type.String() })

export const billingRoutes = routes({
  'GET /api/plans': {
    summary: 'What can be bought, and by which providers',
    access: 'anyone',
    ok: [
      200,
      Type.Object({
        plans: Type.Array(Plan),
        providers: Type.Array(Type.Object({ name: ProviderName, methods: Type.Array(PaymentMethod), currencies: Type.Array(Currency) })),
        serverNow: Type.String(),
      }),
    ],
    errors: [],
  },
  'POST /api/plans': { summary: 'Make a plan', access: 'admin', body: NewPlan, ok: [201, Type.Object({ plan: Plan })], errors: ['PLAN_INVALID'] },
  'PATCH /api/plans/:id': {
    summary: 'Change a plan, or take it off sale; what was bought keeps its terms',
    access: 'admin',
    params: byId,
    body: PlanChange,
    ok: [200, Type.Object({ plan: Plan })],
    errors: ['PLAN_NOT_FOUND', 'PLAN_INVALID'],
  },
  'POST /api/subscriptions': {
    summary: 'Subscribe: begins the trial, or answers where to pay. The same Idempotency-Key gives the same subscription',
    access: 'user',
    headers: Type.Object({ 'idempotency-key': Type.Optional(IdempotencyKey) }),
    body: Closed({
      planId: Id,
      currency: Currency,
      provider: Type.Optional(ProviderName),
      school: Type.Optional(school),
      withoutTrial: Type.Optional(Type.Boolean()),
    }),
    ok: [201, SubscriptionAnswer],
    errors: [
      'PLAN_NOT_FOUND',
      'CURRENCY_NOT_OFFERED',
      'PROVIDER_NOT_OFFERED',
      'PROVIDER_FAILED',
      'ALREADY_SUBSCRIBED',
      'SCHOOL_MISSING',
      'IDEMPOTENCY_MISMATCH',
      'TOO_MANY_REQUESTS',
    ],
  },
  'GET /api/subscriptions/mine': {
    summary: "The caller's subscriptions, as holder or as member of a school; newest first",
    access: 'user',
    ok: [200, Type.Object({ subscriptions: Type.Array(Subscription), serverNow: Type.String() })],
    errors: [],
  },
  'DELETE /api/subscriptions/:id': {
    summary: 'Cancel: at the end of what is paid or tried; at once where nothing is. The holder, or an admin',
    access: 'user',
    params: byId,
    ok: [200, SubscriptionAnswer],
    errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_OVER'],
  },
  'POST /api/subscriptions/:id/pay': {
    summary: 'Where to pay what is due: the first payment again, or the next period (from 14 days before the end of this one)',
    access: 'user',
    params: byId,
    body: Closed({ provider: Type.Optional(ProviderName) }),
    ok: [200, SubscriptionAnswer],
    errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_OVER', 'NOTHING_DUE', 'PROVIDER_NOT_OFFERED', 'PROVIDER_FAILED', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/subscriptions/:id/resume': {
    summary: 'Take back a cancellation before it takes effect',
    access: 'user',
    params: byId,
    ok: [200, SubscriptionAnswer],
    errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_OVER'],
  },
  'POST /api/subscriptions/join': {
    summary: "Become a member of a school's subscription by its code; again is harmless",
    access: 'user',
    body: Closed({ code: Type.String({ minLength: 1, maxLength: 40 }) }),
    ok: [200, SubscriptionAnswer],
    errors: ['JOIN_CODE_WRONG', 'NO_SEATS_LEFT', 'SUBSCRIPTION_OVER', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/subscriptions/:id/code': {
    summary: 'A new code for joining; the old one stops working. Members stay',
    access: 'user',
    params: byId,
    ok: [200, SubscriptionAnswer],
    errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_OVER'],
  },
  'GET /api/subscriptions/:id/members': {
    summary: "A school's members, by name. The holder, or an admin",
    access: 'user',
    params: byId,
    query: Closed({ after: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }),
    ok: [200, Type.Object({ members: Type.Array(Type.Object({ userId: Id, name: Type.String(), joinedAt: Type.String() })), next: Type.Optional(Id) })],
    errors: ['SUBSCRIPTION_NOT_FOUND'],
  },
  'DELETE /api/subscriptions/:id/members/:userId': {
    summary: 'Take a member out: the holder, an admin, or the member themselves',
    access: 'user',
    params: Closed({ id: Id, userId: Id }),
    ok: [204, Type.Null()],
    errors: ['SUBSCRIPTION_NOT_FOUND'],
  },
  'GET /api/receipts': {
    summary: "The caller's receipts and credit notes, newest first",
    access: 'user',
    query: Closed({ before: Type.Optional(Type.Integer({ minimum: 1 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }),
    ok: [200, Type.Object({ receipts: Type.Array(Receipt), next: Type.Optional(Type.Integer()) })],
    errors: [],
  },
  'GET /api/receipts/:number': {
    summary: 'One receipt: its payer, or an admin',
    access: 'user',
    params: Closed({ number: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) }),
    ok: [200, Type.Object({ receipt: Receipt })],
    errors: ['RECEIPT_NOT_FOUND'],
  },
  'POST /api/billing/webhooks/:provider': {
    summary: 'What a provider tells, signed over the bytes as sent. 200: kept, or known already',
    access: 'anyone',
    params: Closed({ provider: ProviderName }),
    rawBody: { contentType: 'application/json', limitBytes: 262_144 },
    ok: [200, Type.Object({ received: Type.Literal(true) })],
    errors: ['PROVIDER_NOT_OFFERED', 'WEBHOOK_SIGNATURE_WRONG', 'WEBHOOK_INVALID'],
  },
  // ---- play money: the page on which the sandbox provider's payments are made ----
  'GET /api/billing/sandbox/:reference': {
    summary: 'A payment as the sandbox provider sees it (only where that provider is offered)',
    access: 'anyone',
    params: Closed({ reference: Type.String({ pattern: '^[A-Za-z0-9-]{8,64}$' }) }),
    ok: [
      200,
      Type.Object({
        reference: Type.String(),
        amount: Amount,
        currency: Currency,
        description: Type.String(),
        status: Type.Enum(['open', 'paid', 'refused', 'refunded']),
        returnUrl: Type.String(),
      }),
    ],
    errors: ['NOT_FOUND'],
  },
  'POST /api/billing/sandbox/:reference': {
    summary: 'Pay it with play money, or refuse to; the provider then tells its webhook',
    access: 'anyone',
    params: Closed({ reference: Type.String({ pattern: '^[A-Za-z0-9-]{8,64}$' }) }),
    body: Closed({ outcome: Type.Enum(['pay', 'refuse']) }),
    ok: [200, Type.Object({ status: Type.Enum(['open', 'paid', 'refused', 'refunded']), returnUrl: Type.String() })],
    errors: ['NOT_FOUND'],
  },
  // ---- admin ----
  'GET /api/billing/plans': { summary: 'All plans, those off sale too', access: 'admin', ok: [200, Type.Object({ plans: Type.Array(Plan) })], errors: [] },
  'GET /api/billing/payments': {
    summary: 'Payments, newest first; `query` finds a reference, a name or a number of the provider',
    access: 'admin',
    query: Closed({
      status: Type.Optional(PaymentStatus),
      provider: Type.Optional(ProviderName),
      troubled: Type.Optional(Type.Boolean()),
      query: Type.Optional(Type.String({ maxLength: 100 })),
      before: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    ok: [200, Type.Object({ payments: Type.Array(Payment), next: Type.Optional(Id) })],
    errors: [],
  },
  'POST /api/billing/payments/:id/confirm': {
    summary: 'A bank transfer has come: the amount that came, and when. Again with the same is harmless',
    access: 'admin',
    params: byId,
    body: Closed({ amount: PositiveAmount, currency: Currency, paidAt: Type.Optional(Time), note: Type.Optional(Type.String({ maxLength: 200 })) }),
    ok: [200, Type.Object({ payment: Payment })],
    errors: ['PAYMENT_NOT_FOUND', 'PAYMENT_NOT_MANUAL', 'AMOUNT_WRONG', 'CURRENCY_WRONG', 'TIMES_INVALID', 'PAYMENT_SETTLED'],
  },
  'POST /api/billing/payments/:id/refund': {
    summary: 'Give money back, all of what is left or a part. The same Idempotency-Key refunds once',
    access: 'admin',
    params: byId,
    headers: Type.Object({ 'idempotency-key': IdempotencyKey }),
    body: Closed({ amount: Type.Optional(PositiveAmount), reason: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }) }),
    ok: [200, Type.Object({ payment: Payment })],
    errors: ['PAYMENT_NOT_FOUND', 'REFUND_TOO_LARGE', 'PAYMENT_NOT_PAID', 'PROVIDER_FAILED', 'IDEMPOTENCY_MISMATCH'],
  },
  'POST /api/billing/payments/:id/check': {
    summary: 'Ask the provider now how a payment stands',
    access: 'admin',
    params: byId,
    ok: [200, Type.Object({ payment: Payment })],
    errors: ['PAYMENT_NOT_FOUND', 'PROVIDER_FAILED'],
  },
  'POST /api/billing/sponsorships': {
    summary: 'Give a plan without payment until a day: to a person, or to a school whose code that person gets',
    access: 'admin',
    body: Closed({
      planId: Id,
      holderId: Id,
      school: Type.Optional(school),
      until: Time,
      reason: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
    }),
    ok: [201, SubscriptionAnswer],
    errors: ['PLAN_NOT_FOUND', 'USER_NOT_FOUND', 'SCHOOL_MISSING', 'TIMES_INVALID', 'ALREADY_SUBSCRIBED'],
  },
  'GET /api/billing/ledger': {
    summary: 'Balances of all accounts, and entries, newest first',
    access: 'admin',
    query: Closed({ account: Type.Optional(Type.String({ maxLength: 60 })), ...page }),
    ok: [
      200,
      Type.Object({
        accounts: Type.Array(Type.Object({ account: Type.String(), currency: Currency, balance: Type.Integer() })),
        entries: Type.Array(LedgerEntry),
        /** Hand it back as `after`. */
        next: Type.Optional(Type.Integer()),
      }),
    ],
    errors: [],
  },
  // ---- other services ----
  'GET /internal/entitlements/:userId': {
    summary: 'Does this user have a subscription that opens this, until when, and if not, which plans would do',
    access: 'service',
    scope: 'entitlements:read',
    callers: ['contest', 'arena'],
    params: Closed({ userId: Id }),
    query: Closed({ grant: Grant }),
    ok: [
      200,
      Type.Object({
        active: Type.Boolean(),
        /** The last moment it is good for as things stand; null when not active. */
        until: Type.Union([Type.String(), Type.Null()]),
        subscriptionId: Type.Union([Id, Type.Null()]),
        /** What would open it: plans on sale with that grant. */
        plans: Type.Array(Plan),
        serverNow: Type.String(),
      }),
    ],
    errors: [],
  },
})

// ---- events ---------------------------------------------------------------------------------------------------------

/** A subscription as others may know it, the whole of it; `revision` grows with each change: keep the newest, in whatever order they come. */
const SubscriptionSnapshot = Type.Object({
  subscriptionId: Id,
  revision: Type.Integer(),
  holderId: Id,
  audience: Audience,
  school: Type.Union([Type.String(), Type.Null()]),
  planId: Id,
  planName: Type.String(),
  grants: Type.Array(Grant),
  status: SubscriptionStatus,
  openUntil: Type.Union([Type.String(), Type.Null()]),
  cancelsAtPeriodEnd: Type.Boolean(),
  sponsored: Type.Boolean(),
})
export type SubscriptionSnapshot = Static<typeof SubscriptionSnapshot>
export const subscriptionChanged = event('subscription.changed', 1, SubscriptionSnapshot)
/** A member of a school came or went. */
export const memberChanged = event(
  'subscription.member-changed',
  1,
  Type.Object({ subscriptionId: Id, userId: Id, isMember: Type.Boolean(), at: Type.String() }),
)
/** Seven days before the end of a paid period or a trial that will not renew itself, and again when grace begins. Once each. */
export const renewalDue = event(
  'subscription.renewal-due',
  1,
  Type.Object({
    subscriptionId: Id,
    holderId: Id,
    planName: Type.String(),
    amount: Amount,
    currency: Currency,
    /** The period's end. */
    endsAt: Type.String(),
    /** Until then all goes on unpaid. */
    openUntil: Type.String(),
    stage: Type.Enum(['soon', 'grace']),
  }),
)
export const receiptIssued = event('billing.receipt-issued', 1, Type.Object({ holderId: Id, receipt: Receipt }))
export type ReceiptIssued = Static<(typeof receiptIssued)['payload']>
