import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'

/** Plans, subscriptions, payments, receipts and the ledger: what is paid for, and nothing of contests. */
export const billingService = defineService({
  name: 'billing',
  migrations: migrationsIn(new URL('migrations/', import.meta.url)),
  build: () => ({}),
})
