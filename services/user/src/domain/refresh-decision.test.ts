import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { instant } from '#kernel/time'
import { absoluteMs, decideRefresh, expiryOf, grace, idleMs, isLive } from './refresh-decision.ts'

const now = instant(1_800_000_000_000)
const session = { startedAt: instant(now - 1_000_000), expiresAt: instant(now + 1_000_000), endedAt: undefined }
const fresh = { usedAt: undefined, replacedAt: undefined, isSuccessorUsed: false }
const usedAgo = (ms: number) => ({ ...fresh, usedAt: instant(now - ms) })

describe('decideRefresh', () => {
  it('trades a fresh token', () => assert.equal(decideRefresh(session, fresh, now), 'rotate'))
  it('lets two tabs that ask at once both go on', () => {
    assert.equal(decideRefresh(session, usedAgo(0), now), 'repeat')
    assert.equal(decideRefresh(session, usedAgo(grace), now), 'repeat')
  })
  it('takes a late repetition for a lost answer as long as no successor was used, and kills the successors', () => {
    assert.equal(decideRefresh(session, usedAgo(grace + 1), now), 'replace')
    assert.equal(decideRefresh(session, usedAgo(86_400_000), now), 'replace')
  })
  it('takes a repetition for a copy once a successor was used, however soon', () => {
    assert.equal(decideRefresh(session, { ...usedAgo(1), isSuccessorUsed: true }, now), 'reuse')
    assert.equal(decideRefresh(session, { ...usedAgo(grace + 1), isSuccessorUsed: true }, now), 'reuse')
  })
  it('takes a replaced token for a copy', () => assert.equal(decideRefresh(session, { ...fresh, replacedAt: instant(now - 1) }, now), 'reuse'))
  it('says over for an ended or expired session, whatever the token', () => {
    for (const token of [fresh, usedAgo(1), { ...usedAgo(1), isSuccessorUsed: true }]) {
      assert.equal(decideRefresh({ ...session, endedAt: instant(now - 1) }, token, now), 'over')
      assert.equal(decideRefresh({ ...session, expiresAt: now }, token, now), 'over')
    }
  })
})

describe('the life of a session', () => {
  it('slides by thirty days and stops at a hundred and eighty', () => {
    const startedAt = now
    assert.equal(expiryOf(startedAt, now), now + idleMs)
    assert.equal(expiryOf(startedAt, instant(now + absoluteMs - 1)), now + absoluteMs)
  })
  it('ends at its expiry, not after it', () => {
    assert.equal(isLive(session, instant(session.expiresAt - 1)), true)
    assert.equal(isLive(session, session.expiresAt), false)
  })
})
