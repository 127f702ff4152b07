import type { SandboxBooks, SandboxPayment } from '#ports/payment-provider'

/** The sandbox provider's books, in memory. */
export function memoryBooks(): SandboxBooks {
  const payments = new Map<string, SandboxPayment>()
  return {
    findPayment: async (reference) => payments.get(reference),
    insertPayment: async (payment) => {
      if (!payments.has(payment.reference)) payments.set(payment.reference, payment)
    },
    changePayment: async (reference, change) => {
      const before = payments.get(reference)
      if (before !== undefined) payments.set(reference, change(before))
      return payments.get(reference)
    },
  }
}
