import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type AccountMailAsked, accountMailAsked, sessionEnded, userRegistered, userUpdated } from '#contracts/user'
import { minutes } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { unique } from '#testkit/service-harness'
import { budgets } from '../src/domain/throttling.ts'
import { cookiesOf, password, startUserService } from './start-user-service.ts'

const arena = await startUserService()
const { call, clock, db } = arena
after(() => arena.stop())

const hours = (count: number) => minutes(60 * count)
const newPassword = 'seven cranes over Rugezi'
const verify = (token: string) => call('POST /api/email/verify', { body: { token } })
const forgot = (email: string) => call('POST /api/password/forgot', { body: { email } })
const reset = (token: string, wanted = newPassword) => call('POST /api/password/reset', { body: { token, password: wanted } })
const me = (token: string) => call('GET /api/me', {}, { token })
const change = (token: string, body: object) => call('PATCH /api/me', { body }, { token })
const hand = (token: string, id: string) => call('POST /api/users/:id/password-reset', { params: { id } }, { token })
const login = (name: object, text = password) => call('POST /api/login', { body: { ...name, password: text, client: 'cli' } })
const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body?.error?.code]

/** An account with an address, and what its mail brought. */
async function withAddress(email = `${unique('m')}@school.rw`) {
  const made = await call('POST /api/register', { body: { email, password, name: 'Aline Mutesi', language: 'rw' } })
  assert.equal(made.status, 201, made.text)
  const id = made.body.user.id as string
  const begun = await login({ email })
  return { id, email, token: begun.body.accessToken as string, refreshToken: begun.body.refreshToken as string, link: await mailed(id, 1) }
}
/** The token in the `count`-th account mail asked for a user, as the notifications service would open it. */
async function mailed(userId: string, count: number): Promise<string> {
  const asked = (await arena.told(accountMailAsked, userId, count)) as AccountMailAsked[]
  const token = arena.host.seals.open('account-mail', asked[count - 1]?.sealed ?? '')
  assert.ok(token)
  return token
}
const mailsAsked = (userId: string) =>
  arena.bus.published.filter(({ topic, payload }) => topic === accountMailAsked.topic && (payload as AccountMailAsked).userId === userId)
/** Runs the job until nobody waits. */
const forgottenAreMailed = () =>
  eventually(async () => {
    clock.advance(1_000 as never)
    assert.equal((await db.query('select 1 from forgotten_passwords')).rowCount, 0)
  })

describe('a new account', () => {
  it('is asked to prove its address in the transaction that makes it', async () => {
    const { id, email } = await withAddress()
    const [asked] = await arena.told(accountMailAsked, id)
    const { sealed, expiresAt, ...rest } = asked as AccountMailAsked
    assert.deepEqual(rest, { userId: id, kind: 'welcome', name: 'Aline Mutesi', email, language: 'rw' })
    assert.equal(Date.parse(expiresAt) - clock.now(), hours(48))
    assert.doesNotMatch(sealed, /^[\w-]{43}$/)
    const [registered] = await arena.told(userRegistered, id)
    assert.equal(registered?.emailVerified, false)
  })
  it('without an address is asked nothing, and says nothing of one', async () => {
    const member = await arena.member()
    assert.equal('emailVerified' in (await me(member.token)).body.user, false)
    assert.deepEqual(codeOf(await call('POST /api/email/send-verification', {}, { token: member.token })), [409, 'EMAIL_MISSING'])
    assert.equal(mailsAsked(member.id).length, 0)
  })
  it('keeps no link in the clear: neither in its tables nor in the events', async () => {
    const { id, link } = await withAddress()
    const { rows } = await db.query<{ text: string }>(
      `select t::text as text from account_tokens t where user_id = $1 union all select o::text from outbox o where payload ->> 'userId' = $1::text`,
      [id],
    )
    assert.ok(rows.length >= 3)
    for (const { text } of rows) assert.ok(!text.includes(link))
  })
})

describe('an address', () => {
  it('is proven by its link, once, and everybody hears of it', async () => {
    const { id, email, token, link } = await withAddress()
    const answer = await verify(link)
    assert.deepEqual([answer.status, answer.body], [200, { email }])
    assert.equal((await me(token)).body.user.emailVerified, true)
    const updated = await arena.told(userUpdated, id)
    assert.deepEqual(
      updated.map((told) => [told.revision, told.emailVerified]),
      [[2, true]],
    )
    assert.deepEqual(codeOf(await verify(link)), [410, 'TOKEN_INVALID'])
    assert.deepEqual(codeOf(await call('POST /api/email/send-verification', {}, { token })), [409, 'EMAIL_VERIFIED'])
  })
  it('is proven by one of two who bring the link at once', async () => {
    const { link } = await withAddress()
    const answers = await Promise.all([verify(link), verify(link)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410])
  })
  it('is not proven by a link that is too old, made up, or of another kind', async () => {
    const { id, link, email } = await withAddress()
    clock.advance(hours(48))
    assert.deepEqual(codeOf(await verify(link)), [410, 'TOKEN_INVALID'])
    assert.deepEqual(codeOf(await verify('A'.repeat(43))), [410, 'TOKEN_INVALID'])
    assert.equal((await verify('short')).status, 400)
    await forgot(email)
    await forgottenAreMailed()
    assert.deepEqual(codeOf(await verify(await mailed(id, 2))), [410, 'TOKEN_INVALID'])
  })
  it('gets the mail again, upon which the link before it is worth nothing', async () => {
    const { id, token, email, link } = await withAddress()
    const sent = await call('POST /api/email/send-verification', {}, { token })
    assert.deepEqual([sent.status, sent.body], [202, { email }])
    assert.deepEqual(codeOf(await verify(link)), [410, 'TOKEN_INVALID'])
    assert.equal((await verify(await mailed(id, 2))).status, 200)
  })
  it('gets it only so often', async () => {
    const { token } = await withAddress()
    const again = () => call('POST /api/email/send-verification', {}, { token })
    for (let i = 0; i < budgets.verificationByUser.limit; i++) assert.equal((await again()).status, 202)
    assert.deepEqual(codeOf(await again()), [429, 'TOO_MANY_REQUESTS'])
  })
  it('that belongs to somebody else is mailed only so often, by however many accounts it is named in turn', async () => {
    const victim = `${unique('victim')}@school.rw`
    const answers: number[] = []
    for (let i = 0; i < 2 * budgets.verificationByAnybody.limit; i++) {
      const elsewhere = `${unique('away')}@school.rw`
      if (i % 2 === 0) {
        const member = await arena.member()
        answers.push((await change(member.token, { email: victim, currentPassword: password })).status)
        await change(member.token, { email: elsewhere, currentPassword: password })
      } else {
        const made = await call('POST /api/register', { body: { email: victim, password, name: 'Nobody' } })
        assert.equal(made.status, 201, 'nobody is kept from registering by it')
        const begun = await login({ email: victim })
        await change(begun.body.accessToken, { email: elsewhere, currentPassword: password })
      }
    }
    const sent = arena.bus.published.filter(({ topic, payload }) => topic === accountMailAsked.topic && (payload as AccountMailAsked).email === victim)
    assert.ok(new Set(sent.map(({ id }) => id)).size <= budgets.verificationByAnybody.limit)
    assert.deepEqual([answers[0], answers.at(-1)], [200, 429])
  })
  it('is not changed to and fro by one account to make mail', async () => {
    const member = await arena.member()
    const answers: number[] = []
    for (let i = 0; i <= budgets.verificationByUser.limit; i++)
      answers.push((await change(member.token, { email: `${unique('any')}@school.rw`, currentPassword: password })).status)
    assert.equal(answers.pop(), 429)
    assert.deepEqual([...new Set(answers)], [200])
    assert.equal((await change(member.token, { name: 'Another name' })).status, 200, 'all else can still be changed')
  })
  it('that is changed needs the password, is to be proven anew, and ends the links to the one before', async () => {
    const { id, token, link } = await withAddress()
    const other = `${unique('other')}@school.rw`
    assert.deepEqual(codeOf(await change(token, { email: other })), [403, 'PASSWORD_WRONG'])
    await verify(link)
    await call('POST /api/password/forgot', { body: { email: (await me(token)).body.user.email } })
    await forgottenAreMailed()
    const oldReset = await mailed(id, 2)
    const changed = await change(token, { email: other, currentPassword: password })
    assert.deepEqual([changed.body.user.email, changed.body.user.emailVerified], [other, false])
    assert.deepEqual(codeOf(await reset(oldReset)), [410, 'TOKEN_INVALID'])
    const [, , asked] = (await arena.told(accountMailAsked, id, 3)) as AccountMailAsked[]
    assert.deepEqual([asked?.kind, asked?.email], ['verify-email', other])
    assert.equal((await verify(await mailed(id, 3))).status, 200)
  })
})

describe('a forgotten password', () => {
  it('is asked for in one way, whether or not there is an account, and a disabled one too', async () => {
    const [known, disabled] = [await withAddress(), await withAddress()]
    await db.query('update users set disabled = true where id = $1', [disabled.id])
    const written = async (email: string) => {
      const answer = await forgot(email)
      const { rows } = await db.query('select email from forgotten_passwords where email = $1', [email])
      return [answer.status, answer.body, Object.keys(answer.headers).sort(), rows.length]
    }
    const nobody = await written(`${unique('nobody')}@school.rw`)
    assert.deepEqual([nobody[0], nobody[1], nobody[3]], [202, { accepted: true }, 1])
    assert.deepEqual(await written(known.email), nobody)
    assert.deepEqual(await written(disabled.email), nobody)
    await forgottenAreMailed()
    assert.equal((await arena.told(accountMailAsked, known.id, 2))[1]?.kind, 'reset-password')
    assert.equal(mailsAsked(disabled.id).length, 1, 'the welcome alone')
  })
  it('sends mail only so often to one address, and counts addresses that nobody has in the same way', async () => {
    for (const email of [(await withAddress()).email, `${unique('nobody')}@school.rw`]) {
      for (let i = 0; i < budgets.forgotByAddress.limit; i++) assert.equal((await forgot(email)).status, 202)
      assert.deepEqual(codeOf(await forgot(email.toUpperCase())), [429, 'TOO_MANY_REQUESTS'])
    }
    await forgottenAreMailed()
  })
  it('is replaced by the link: the new one holds, every session is over, the address is proven, the link is used up', async () => {
    const account = await withAddress()
    await forgot(account.email.toUpperCase())
    await forgottenAreMailed()
    const link = await mailed(account.id, 2)
    const answer = await reset(link)
    assert.deepEqual([answer.status, answer.text], [204, ''])
    assert.deepEqual(codeOf(await login({ email: account.email })), [401, 'BAD_CREDENTIALS'])
    const begun = await login({ email: account.email }, newPassword)
    assert.deepEqual([begun.status, begun.body.user.emailVerified], [200, true])
    assert.deepEqual(codeOf(await me(account.token)), [401, 'TOKEN_EXPIRED'])
    assert.deepEqual(codeOf(await call('POST /api/refresh', { body: { refreshToken: account.refreshToken } })), [401, 'REFRESH_INVALID'])
    assert.equal((await arena.told(sessionEnded, account.id)).length, 1)
    assert.deepEqual(codeOf(await reset(link, 'another good one')), [410, 'TOKEN_INVALID'])
    assert.deepEqual(codeOf(await verify(account.link)), [410, 'TOKEN_INVALID'], 'all links are gone')
  })
  it('is not replaced by a weak one, and the link stays good', async () => {
    const account = await withAddress()
    await forgot(account.email)
    await forgottenAreMailed()
    const link = await mailed(account.id, 2)
    for (const weak of ['short', 'password123', account.email]) assert.deepEqual(codeOf(await reset(link, weak)), [422, 'PASSWORD_WEAK'])
    assert.equal((await reset(link)).status, 204)
  })
  it('is replaced by one of two who bring the link at once', async () => {
    const account = await withAddress()
    await forgot(account.email)
    await forgottenAreMailed()
    const link = await mailed(account.id, 2)
    const answers = await Promise.all([reset(link, 'the first of the two'), reset(link, 'the second of the two')])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 410])
  })
  it('is not replaced by a link that is an hour old, was followed by another, or is the address check', async () => {
    const account = await withAddress()
    assert.deepEqual(codeOf(await reset(account.link)), [410, 'TOKEN_INVALID'])
    await forgot(account.email)
    await forgottenAreMailed()
    await forgot(account.email)
    await forgottenAreMailed()
    assert.deepEqual(codeOf(await reset(await mailed(account.id, 2))), [410, 'TOKEN_INVALID'])
    clock.advance(hours(1))
    assert.deepEqual(codeOf(await reset(await mailed(account.id, 3))), [410, 'TOKEN_INVALID'])
  })
  it('of a disabled account stays, and the link works once the account is enabled again', async () => {
    const account = await withAddress()
    await forgot(account.email)
    await forgottenAreMailed()
    const link = await mailed(account.id, 2)
    await db.query('update users set disabled = true where id = $1', [account.id])
    assert.deepEqual(codeOf(await reset(link)), [403, 'ACCOUNT_DISABLED'])
    assert.deepEqual(codeOf(await verify(account.link)), [410, 'TOKEN_INVALID'])
    await db.query('update users set disabled = false where id = $1', [account.id])
    assert.equal((await reset(link)).status, 204)
  })
  it('leaves nothing to whoever made the account with somebody else’s address', async () => {
    const email = `${unique('owner')}@school.rw`
    const hijacker = await withAddress(email)
    const browser = await call('POST /api/login', { body: { email, password } })
    const { arena_refresh: cookie } = cookiesOf(browser.headers)
    await change(hijacker.token, { username: unique('back-door') })
    const admin = await arena.member({ role: 'admin' })
    const handed = (await hand(admin.token, hijacker.id)).body.token as string

    await forgot(email)
    await forgottenAreMailed()
    assert.equal((await reset(await mailed(hijacker.id, 2))).status, 204)

    assert.equal((await me(hijacker.token)).status, 401)
    assert.equal((await me(browser.body.accessToken as string)).status, 401)
    assert.equal((await call('POST /api/refresh', { headers: { cookie: `arena_refresh=${cookie?.value}` } })).status, 401)
    assert.equal((await call('POST /api/email/send-verification', {}, { token: hijacker.token })).status, 401)
    assert.equal((await change(hijacker.token, { email: 'mine@evil.example', currentPassword: password })).status, 401)
    for (const link of [hijacker.link, handed]) {
      assert.deepEqual(codeOf(await verify(link)), [410, 'TOKEN_INVALID'])
      assert.deepEqual(codeOf(await reset(link)), [410, 'TOKEN_INVALID'])
    }
    assert.equal((await db.query('select 1 from known_devices where user_id = $1', [hijacker.id])).rowCount, 0)
  })
})

describe('a link from an admin', () => {
  it('lets a pupil without an address set a password, within a day, once', async () => {
    const [admin, pupil] = [await arena.member({ role: 'admin' }), await arena.member()]
    const first = await hand(admin.token, pupil.id)
    assert.equal(first.status, 201)
    assert.equal(Date.parse(first.body.expiresAt) - clock.now(), hours(24))
    const second = await hand(admin.token, pupil.id)
    assert.equal((await me(pupil.token)).status, 200, 'until it is used the account stays as it is')
    assert.deepEqual(codeOf(await reset(first.body.token)), [410, 'TOKEN_INVALID'], 'the second took its place')
    assert.equal((await reset(second.body.token)).status, 204)
    assert.equal((await login({ username: pupil.username }, newPassword)).status, 200)
    assert.deepEqual(codeOf(await reset(second.body.token)), [410, 'TOKEN_INVALID'])
  })
  it('proves no address', async () => {
    const [admin, account] = [await arena.member({ role: 'admin' }), await withAddress()]
    assert.equal((await reset((await hand(admin.token, account.id)).body.token)).status, 204)
    assert.equal((await login({ email: account.email }, newPassword)).body.user.emailVerified, false)
  })
  it('is for admins who are that still, and for accounts that are there and enabled', async () => {
    const [admin, pupil] = [await arena.member({ role: 'admin' }), await arena.member()]
    for (const role of ['student', 'teacher'] as const) assert.equal((await hand((await arena.member({ role })).token, pupil.id)).status, 403)
    assert.deepEqual(codeOf(await hand(admin.token, '01890000-0000-7000-8000-000000000000')), [404, 'USER_NOT_FOUND'])
    await db.query('update users set disabled = true where id = $1', [pupil.id])
    assert.deepEqual(codeOf(await hand(admin.token, pupil.id)), [403, 'ACCOUNT_DISABLED'])
    await call('POST /api/logout', { body: {} }, { token: admin.token })
    assert.deepEqual(codeOf(await hand(admin.token, pupil.id)), [401, 'TOKEN_EXPIRED'])
  })
  it('is gone with another role, and with a new password of one’s own', async () => {
    const [admin, one, other] = [await arena.member({ role: 'admin' }), await arena.member(), await arena.member()]
    const links = [(await hand(admin.token, one.id)).body.token, (await hand(admin.token, other.id)).body.token]
    await call('PATCH /api/users/:id', { params: { id: one.id }, body: { role: 'teacher' } }, { token: admin.token })
    await change(other.token, { password: newPassword, currentPassword: password })
    for (const link of links) assert.deepEqual(codeOf(await reset(link, 'yet another good one')), [410, 'TOKEN_INVALID'])
  })
})

it('old links are forgotten', async () => {
  await withAddress()
  clock.advance(hours(49))
  await eventually(async () => assert.equal((await db.query('select 1 from account_tokens where expires_at <= $1', [new Date(clock.now())])).rowCount, 0))
})
