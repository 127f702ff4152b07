import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { instant } from '#kernel/time'
import { migrationsIn } from '#kit/migrations'
import type { Db } from '#ports/db'
import { silentLog } from '#ports/log'
import type { PlayMoney, SandboxBooks, SandboxPayment, SentNotice } from '#ports/payment-provider'
import { openServiceDb } from '#testkit/service-harness'
import { decideSandboxPayment, showSandboxPayment } from '../src/sandbox.ts'
import { openSandboxBooks } from '../src/sandbox-store.ts'

let db: Db
let close: () => Promise<void>
let books: SandboxBooks
before(async () => {
  ;({ db, close } = await openServiceDb('billing', migrationsIn(new URL('../src/migrations/', import.meta.url))))
  books = openSandboxBooks(db)
})
after(() => close())

const payment = (changes: Partial<SandboxPayment> = {}): SandboxPayment => ({
  reference: `CA-${randomUUID()}`,
  amount: 1_500,
  currency: 'RWF',
  description: "Premium, 'one' month",
  payer: { name: 'Aline', email: undefined },
  returnUrl: 'https://arena.example.rw/back',
  state: 'open',
  paidAt: undefined,
  refunded: 0,
  refundIds: [],
  ...changes,
})
const paid = (before: SandboxPayment): SandboxPayment => ({ ...before, state: 'paid', paidAt: instant(1_772_352_000_123) })

describe('the books of play money', () => {
  it('give back what was written, every field of it', async () => {
    for (const written of [
      payment(),
      payment({ payer: { name: 'Eric', email: 'eric@example.rw' }, amount: 1_000_000_000_000, currency: 'EUR' }),
      payment({ state: 'refused' }),
      { ...paid(payment()), refunded: 700, refundIds: ['a', 'b,"c"'] },
    ]) {
      await books.insertPayment(written)
      assert.deepEqual(await books.findPayment(written.reference), written)
    }
  })

  it('a reference is written once, whoever asks again and with what', async () => {
    const first = payment()
    await books.insertPayment(first)
    await books.insertPayment({ ...first, amount: 1 })
    assert.deepEqual(await books.findPayment(first.reference), first)
  })

  it('know nothing of a reference that was not written', async () => {
    assert.equal(await books.findPayment('CA-nothing'), undefined)
    assert.equal(await books.changePayment('CA-nothing', paid), undefined)
  })

  it('changes come one after another, each on what the one before left', async () => {
    const start = paid(payment())
    await books.insertPayment(start)
    const refund = (id: string) => books.changePayment(start.reference, (now) => ({ ...now, refunded: now.refunded + 100, refundIds: [...now.refundIds, id] }))
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(refund))
    const end = await books.findPayment(start.reference)
    assert.equal(end?.refunded, 500)
    assert.deepEqual([...(end?.refundIds ?? [])].sort(), ['a', 'b', 'c', 'd', 'e'])
  })

  it('refuse to give back more than was paid, or what was not', async () => {
    const open = payment()
    await books.insertPayment(open)
    await assert.rejects(books.changePayment(open.reference, (now) => ({ ...now, refunded: 1 })))
    await books.changePayment(open.reference, paid)
    await assert.rejects(books.changePayment(open.reference, (now) => ({ ...now, refunded: 1_501 })))
    assert.equal((await books.findPayment(open.reference))?.refunded, 0)
  })
})

describe('the page of play money', () => {
  const notice: SentNotice = { body: Buffer.from('{}'), headers: {} }
  const playMoney = (): PlayMoney => ({
    look: (reference) => books.findPayment(reference),
    decide: async (reference, outcome) => {
      const after = await books.changePayment(reference, (now) => (outcome === 'pay' ? paid(now) : { ...now, state: 'refused' }))
      return after && { payment: after, notice }
    },
  })
  const opened = async (changes: Partial<SandboxPayment> = {}) => {
    const written = payment(changes)
    await books.insertPayment(written)
    return written.reference
  }

  it('shows the payment, and not who pays', async () => {
    const reference = await opened()
    assert.deepEqual(await showSandboxPayment({ playMoney: playMoney() }, reference), {
      ok: true,
      value: { reference, amount: 1_500, currency: 'RWF', description: "Premium, 'one' month", status: 'open', returnUrl: 'https://arena.example.rw/back' },
    })
  })

  it('what was given back wholly is refunded, in part still paid', async () => {
    for (const [refunded, status] of [
      [1_499, 'paid'],
      [1_500, 'refunded'],
    ] as const) {
      const shown = await showSandboxPayment({ playMoney: playMoney() }, await opened({ ...paid(payment()), refunded, reference: `CA-${randomUUID()}` }))
      assert.ok(shown.ok)
      assert.equal(shown.value.status, status)
    }
  })

  it('there is none for a reference nobody knows, nor where play money is not offered', async () => {
    const reference = await opened()
    const deps = { log: silentLog, tell: async () => assert.fail('nothing to tell') }
    for (const [money, asked] of [
      [undefined, reference],
      [playMoney(), 'CA-nothing'],
    ] as const) {
      assert.deepEqual(await showSandboxPayment({ playMoney: money }, asked), { ok: false, error: { code: 'NOT_FOUND' } })
      assert.deepEqual(await decideSandboxPayment({ ...deps, playMoney: money }, asked, 'pay'), { ok: false, error: { code: 'NOT_FOUND' } })
    }
    assert.equal((await books.findPayment(reference))?.state, 'open')
  })

  it('tells the webhook after each decision, and what is decided stays so when that fails', async () => {
    const reference = await opened()
    const told: SentNotice[] = []
    const deps = { log: silentLog, playMoney: playMoney() }
    const paidNow = { ok: true, value: { status: 'paid', returnUrl: 'https://arena.example.rw/back' } }
    assert.deepEqual(await decideSandboxPayment({ ...deps, tell: () => Promise.reject(new Error('nobody listens')) }, reference, 'pay'), paidNow)
    assert.deepEqual(await decideSandboxPayment({ ...deps, tell: async (each) => told.push(each) }, reference, 'pay'), paidNow)
    assert.deepEqual(told, [notice])
  })
})
