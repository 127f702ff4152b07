import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openSeals } from './seals.ts'

const seals = openSeals('a secret of at least thirty-two characters')

describe('seals', () => {
  it('opens what was sealed, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(seals.open('account-mail', seals.seal('account-mail', text)), text)))
  })

  it('seals the same text differently each time, and shows nothing of it', () => {
    const sealed = seals.seal('account-mail', 'token-of-the-mail')
    assert.notEqual(sealed, seals.seal('account-mail', 'token-of-the-mail'))
    assert.doesNotMatch(Buffer.from(sealed, 'base64url').toString('latin1'), /token-of-the-mail/)
  })

  it('opens nothing that was changed, cut, sealed for another purpose or under another secret', () => {
    const sealed = seals.seal('account-mail', 'token')
    const bytes = Buffer.from(sealed, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.equal(seals.open('account-mail', changed.toString('base64url')), undefined)
    }
    assert.equal(seals.open('account-mail', bytes.subarray(0, -1).toString('base64url')), undefined)
    assert.equal(seals.open('account-mail', ''), undefined)
    assert.equal(seals.open('unsubscribe', sealed), undefined)
    assert.equal(openSeals('another secret of thirty-two characters').open('account-mail', sealed), undefined)
  })

  it('knows its own signatures, each for its text and purpose', () => {
    const signature = seals.sign('unsubscribe', 'user:reminders')
    assert.equal(signature.length, 22)
    assert.equal(seals.isSigned('unsubscribe', 'user:reminders', signature), true)
    assert.equal(seals.isSigned('unsubscribe', 'user:results', signature), false)
    assert.equal(seals.isSigned('sandbox-webhook', 'user:reminders', signature), false)
    assert.equal(seals.isSigned('unsubscribe', 'user:reminders', signature.slice(0, 20)), false)
    assert.equal(seals.isSigned('unsubscribe', 'user:reminders', ''), false)
  })

  it('throws where there is no secret, instead of sealing with nothing', () => {
    assert.throws(() => openSeals(undefined).seal('account-mail', 'token'), /no secret/)
  })
})
