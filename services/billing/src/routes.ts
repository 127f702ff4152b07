import { Readable } from 'node:stream'
import type { billingRoutes } from '#contracts/billing'
import type { Deps, Handlers } from '#kit/define-service'
import type { SentNotice } from '#ports/payment-provider'
import type { Providers } from './providers.ts'
import { decideSandboxPayment, showSandboxPayment } from './sandbox.ts'
import { checkPayment, confirmTransfer, readPayments, refundPayment } from './usecases/admin-payments.ts'
import { cancel, pay, renewCode, resume } from './usecases/change-subscription.ts'
import { readEntitlement } from './usecases/entitlement.ts'
import { join, readMembers, removeMember } from './usecases/members.ts'
import { takeNotice } from './usecases/notices.ts'
import { changePlan, makePlan, readAllPlans, readOffer } from './usecases/plans.ts'
import { readLedger, readReceipt, readReceipts } from './usecases/read-books.ts'
import { readMine } from './usecases/read-subscriptions.ts'
import { sponsor } from './usecases/sponsor.ts'
import { subscribe } from './usecases/subscribe.ts'

export const routesWith = (deps: Deps & { readonly providers: Providers }): Handlers<typeof billingRoutes> => ({
  'GET /api/plans': () => readOffer(deps),
  'POST /api/plans': ({ body }) => makePlan(deps, body),
  'PATCH /api/plans/:id': ({ params, body }) => changePlan(deps, params.id, body),
  'POST /api/subscriptions': ({ body, caller, headers }) => subscribe(deps, { body, caller, idempotencyKey: headers['idempotency-key'] }),
  'GET /api/subscriptions/mine': ({ caller }) => readMine(deps, caller),
  'DELETE /api/subscriptions/:id': ({ params, caller }) => cancel(deps, { id: params.id, caller }),
  'POST /api/subscriptions/:id/pay': ({ params, body, caller }) => pay(deps, { id: params.id, caller, provider: body.provider }),
  'POST /api/subscriptions/:id/resume': ({ params, caller }) => resume(deps, { id: params.id, caller }),
  'POST /api/subscriptions/join': ({ body, caller, http }) => join(deps, { code: body.code, caller, ip: http.ip }),
  'POST /api/subscriptions/:id/code': ({ params, caller }) => renewCode(deps, { id: params.id, caller }),
  'GET /api/subscriptions/:id/members': ({ params, query, caller }) => readMembers(deps, params.id, { caller, query }),
  'DELETE /api/subscriptions/:id/members/:userId': ({ params, caller }) => removeMember(deps, { ...params, caller }),
  'GET /api/receipts': ({ query, caller }) => readReceipts(deps, caller, query),
  'GET /api/receipts/:number': ({ params, caller }) => readReceipt(deps, caller, params.number),
  'POST /api/billing/webhooks/:provider': ({ params, http }) => takeNotice(deps, params.provider, http),
  'GET /api/billing/sandbox/:reference': ({ params }) => showSandboxPayment(sandboxOf(deps), params.reference),
  'POST /api/billing/sandbox/:reference': ({ params, body }) => decideSandboxPayment(sandboxOf(deps), params.reference, body.outcome),
  'GET /api/billing/plans': () => readAllPlans(deps),
  'GET /api/billing/payments': ({ query }) => readPayments(deps, query),
  'POST /api/billing/payments/:id/confirm': ({ params, body, caller }) => confirmTransfer(deps, { id: params.id, body, caller }),
  'POST /api/billing/payments/:id/refund': ({ params, headers, body, caller }) =>
    refundPayment(deps, { id: params.id, body, key: headers['idempotency-key'], caller }),
  'POST /api/billing/payments/:id/check': ({ params }) => checkPayment(deps, params.id),
  'POST /api/billing/sponsorships': ({ body, caller }) => sponsor(deps, body, caller),
  'GET /api/billing/ledger': ({ query }) => readLedger(deps, query),
  'GET /internal/entitlements/:userId': ({ params, query }) => readEntitlement(deps, params.userId, query.grant),
})

/** The sandbox provider tells this arena's webhook: the same way in as for every provider, signature and all, but for the line. */
const sandboxOf = (deps: Deps & { readonly providers: Providers }) => ({
  log: deps.log,
  playMoney: deps.providers.get('sandbox')?.playMoney,
  tell: ({ body, headers }: SentNotice) => takeNotice(deps, 'sandbox', { rawBody: Readable.from([body]), headers }),
})
