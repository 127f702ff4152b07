import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { instant } from '#kernel/time'
import { type Account, snapshotOf, userOf } from './account.ts'
import { clearCookie, isOwnPage, readCookie, setCookie } from './cookies.ts'
import { decideKeys, keyLifeMs, retiredKeyMs } from './key-rotation.ts'
import { foldEmail, loginNameOf } from './login-name.ts'
import { decideStanding } from './standing.ts'

const now = instant(1_800_000_000_000)
const account: Account = {
  id: 'a',
  email: undefined,
  username: 'aline',
  emailVerified: false,
  passwordHash: 'secret hash',
  name: 'Aline',
  school: '',
  role: 'admin',
  language: 'rw',
  disabled: false,
  revision: 3,
  sessionsValidFrom: now,
  createdAt: now,
}

describe('login names', () => {
  it('are one whatever the case and the way accents are typed', () => {
    assert.equal(foldEmail('Ren\u00e9@School.RW'), foldEmail('rene\u0301@school.rw'))
  })
  it('of look-alike letters are different names', () => assert.notEqual(foldEmail('\u0430dmin@arena.rw'), foldEmail('admin@arena.rw')))
  it('with an @ are e-mails in whichever field they come', () => {
    assert.deepEqual(loginNameOf({ username: ' Aline@School.rw ' }), { kind: 'email', value: 'aline@school.rw' })
    assert.deepEqual(loginNameOf({ email: 'Aline' }), { kind: 'username', value: 'aline' })
  })
  it('may be missing', () => {
    assert.equal(loginNameOf({}), undefined)
    assert.equal(loginNameOf({ email: '', username: '  ' }), undefined)
  })
})

describe('what leaves the service', () => {
  it('never holds the password hash', () => assert.doesNotMatch(JSON.stringify([userOf(account), snapshotOf(account)]), /secret hash/))
  it('tells other services no username', () => assert.equal('username' in snapshotOf(account), false))
})

describe('decideStanding', () => {
  it('keeps the last enabled admin', () => {
    for (const change of [{ role: 'student' }, { role: 'teacher' }, { disabled: true }] as const)
      assert.deepEqual(decideStanding(account, change, ['a']), { ok: false, error: 'LAST_ADMIN' })
  })
  it('lets one of two go', () => assert.equal(decideStanding(account, { role: 'student' }, ['a', 'b']).ok, true))
  it('lets a disabled admin be demoted while another is enabled', () =>
    assert.equal(decideStanding({ ...account, disabled: true }, { role: 'student' }, ['b']).ok, true))
  it('gives back the same object when nothing changes', () => {
    const same = decideStanding(account, { role: 'admin', disabled: false }, ['a'])
    assert.equal(same.ok && same.value, account)
  })
})

describe('decideKeys', () => {
  it('asks for the first key', () => assert.deepEqual(decideKeys([], now), { needsNew: true, expired: [] }))
  it('asks for a new key after thirty days, not before', () => {
    assert.equal(decideKeys([{ kid: '1', createdAt: instant(now - keyLifeMs + 1) }], now).needsNew, false)
    assert.equal(decideKeys([{ kid: '1', createdAt: instant(now - keyLifeMs) }], now).needsNew, true)
  })
  it('keeps the key before until tokens under it are over by an hour', () => {
    const keys = (age: number) => [
      { kid: 'new', createdAt: instant(now - age) },
      { kid: 'old', createdAt: instant(now - age - keyLifeMs) },
    ]
    assert.deepEqual(decideKeys(keys(retiredKeyMs), now).expired, [])
    assert.deepEqual(decideKeys(keys(retiredKeyMs + 1), now).expired, ['old'])
  })
})

describe('cookies', () => {
  it('are shut to scripts, other sites and plain connections', () => {
    assert.equal(setCookie('c', 'v', { maxAgeSeconds: 5, secure: true }), 'c=v; Path=/api; Max-Age=5; HttpOnly; SameSite=Strict; Secure')
    assert.equal(clearCookie('c', false), 'c=; Path=/api; Max-Age=0; HttpOnly; SameSite=Strict')
  })
  it('are read by their whole name, and only values of ours', () => {
    assert.equal(readCookie('xc=1; c=abc-_9; d=2', 'c'), 'abc-_9')
    for (const header of [undefined, '', 'c', 'c=', 'c=a b', 'cc=1', `c=${'x'.repeat(201)}`, "c=' or 1=1"]) assert.equal(readCookie(header, 'c'), undefined)
  })
  it('count for our own page', () => {
    assert.equal(isOwnPage({ 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: 'https://arena' }), true)
    assert.equal(isOwnPage({ 'sec-fetch-site': 'same-origin' }), true)
    assert.equal(isOwnPage({ 'content-type': 'application/json; charset=utf-8', origin: 'https://arena' }), true)
    assert.equal(isOwnPage({}), true, 'no browser')
  })
  it('do not count for another page', () => {
    assert.equal(isOwnPage({ 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' }), false)
    assert.equal(isOwnPage({ 'sec-fetch-site': 'same-site' }), false, 'another port of this host is another page')
    assert.equal(isOwnPage({ origin: 'https://evil.example' }), false)
    assert.equal(isOwnPage({ origin: 'null', 'content-type': 'text/plain' }), false)
    assert.equal(isOwnPage({ origin: 'https://evil.example', 'content-type': 'application/jsonp' }), false)
  })
})
