import { userRegistered, userUpdated } from '#contracts/user'
import { minutes, seconds } from '#kernel/units'
import { defineService, on } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { openProviders } from './providers.ts'
import { routesWith } from './routes.ts'
import { openSandboxBooks } from './sandbox-store.ts'
import { countWork } from './store-notices.ts'
import { saveUser } from './store-users.ts'
import { forgetNotices, handleNotices, reconcile } from './usecases/notices.ts'
import { seedPlans } from './usecases/plans.ts'
import { retryRefunds } from './usecases/refund.ts'
import { turnPhases } from './usecases/turn-phases.ts'

/**
 * Plans, subscriptions, payments, receipts and the ledger: what is paid for, and nothing of contests. Facts are stored; how a subscription stands is
 * computed from them (domain/timeline.ts). A provider's message is a hint that it may be time to ask; what a payment is, the provider says when asked.
 */
export const billingService = defineService({
  name: 'billing',
  migrations: migrationsIn(new URL('migrations/', import.meta.url)),
  build: (deps) => {
    const providers = openProviders(deps.openPaymentProviders(openSandboxBooks(deps.db)))
    const parts = { ...deps, providers }
    return {
      handlers: routesWith(parts),
      subscriptions: [on(userRegistered, saveUser), on(userUpdated, saveUser)],
      jobs: [
        { name: 'handle notices of providers', every: seconds(1), run: () => handleNotices(parts) },
        { name: 'ask after payments', every: seconds(5), run: () => reconcile(parts) },
        { name: 'give money back', every: seconds(5), run: () => retryRefunds(parts) },
        { name: 'turn phases', every: seconds(5), run: () => turnPhases(parts) },
        { name: 'forget old notices', every: minutes(60), run: () => forgetNotices(parts) },
      ],
      checks: async () => ({ money: { ok: true, figures: await countWork(deps.db) } }),
      async start() {
        if (deps.config.demo) await seedPlans(parts)
      },
      async stop() {
        for (const provider of providers.all) await provider.close()
      },
    }
  },
})
