import { decimalText } from '#kernel/money'
import { fail } from '#kernel/result'
import type { PaymentProvider } from '#ports/payment-provider'

/**
 * A bank transfer, or cash at the school's office: no page and no books but the bank's. `find` never knows anything; an admin who sees the money come confirms
 * it. Likewise a refund is the admin's transfer, so it is done here by being asked for.
 */
export function openManualPayments({ bankDetails }: { readonly bankDetails: readonly string[] }): PaymentProvider {
  return {
    name: 'manual',
    methods: ['bank-transfer'],
    currencies: ['RWF', 'USD', 'EUR'],
    checkout: async (request) => ({
      url: undefined,
      instructions: [
        `Transfer ${decimalText(request)} ${request.currency}.`,
        ...(bankDetails.length > 0 ? bankDetails : ["Ask the arena's operator where to."]),
        `Write this reference on the transfer, so that it is found: ${request.reference}`,
        'An admin confirms the payment when the money has come.',
      ],
      expiresAt: undefined,
      providerRef: undefined,
    }),
    readNotice: () => fail({ code: 'SIGNATURE_WRONG' }),
    find: async () => ({ state: 'unknown' }),
    refund: async () => undefined,
    close: async () => undefined,
  }
}
