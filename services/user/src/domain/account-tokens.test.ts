import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Instant, instant } from '#kernel/time'
import type { Account } from './account.ts'
import { decideReset, decideVerify, endsTokens, expiryOfToken, type TokenFacts, tokenKinds } from './account-tokens.ts'
import { changedAccount } from './profile.ts'

const now = instant(1_800_000_000_000)
const anAccount = (more: Partial<Account> = {}): Account => ({
  id: 'a',
  email: 'aline@school.rw',
  username: 'aline',
  emailVerified: false,
  passwordHash: 'hash',
  name: 'Aline',
  school: '',
  role: 'student',
  language: 'rw',
  disabled: false,
  revision: 1,
  sessionsValidFrom: now,
  createdAt: now,
  ...more,
})
const addresses = fc.constantFrom('aline@school.rw', 'other@school.rw', undefined)
const accounts = fc.record({ email: addresses, emailVerified: fc.boolean(), disabled: fc.boolean() }).map(anAccount)
const tokens = fc.record({
  kind: fc.constantFrom(...tokenKinds),
  email: addresses,
  expiresAt: fc.integer({ min: -2, max: 2 }).map((off) => (now + off) as Instant),
})

describe('a link', () => {
  it('proves only the address that it was sent to, in time, and nothing else of the account changes', () =>
    fc.assert(
      fc.property(accounts, tokens, (account, token) => {
        for (const decided of [decideVerify(account, token, now), decideReset(account, token, now)]) {
          if (!decided.ok || decided.value === null) continue
          const { emailVerified, ...rest } = decided.value
          assert.deepEqual(rest, (({ emailVerified: _, ...others }) => others)(account))
          assert.ok(now < token.expiresAt && !account.disabled)
          if (emailVerified && !account.emailVerified) assert.ok(token.email !== undefined && token.email === account.email && token.kind !== 'handed')
        }
      }),
    ))
  it('is good for one thing', () => {
    const of = (kind: TokenFacts['kind']): TokenFacts => ({
      kind,
      email: kind === 'handed' ? undefined : 'aline@school.rw',
      expiresAt: expiryOfToken(kind, now),
    })
    assert.deepEqual(
      tokenKinds.map((kind) => [decideVerify(anAccount(), of(kind), now).ok, decideReset(anAccount(), of(kind), now).ok]),
      [
        [true, false],
        [false, true],
        [false, true],
      ],
    )
  })
  it('that was mailed is worth nothing once the address is another one', () => {
    const account = anAccount({ emailVerified: true })
    const changed = changedAccount(account, { email: 'Thief@evil.example' })
    assert.deepEqual([changed.email, changed.emailVerified, endsTokens(account, changed)], ['thief@evil.example', false, true])
    assert.equal(decideReset(changed, { kind: 'reset', email: account.email, expiresAt: expiryOfToken('reset', now) }, now).ok, false)
  })
  it('outlives a new name, and being disabled', () => {
    const account = anAccount()
    assert.equal(endsTokens(account, { ...account, name: 'A.', school: 'GS', disabled: true, emailVerified: true }), false)
    for (const other of [{ passwordHash: 'x' }, { role: 'teacher' }, { email: undefined }] as const)
      assert.equal(endsTokens(account, { ...account, ...other }), true)
  })
})
