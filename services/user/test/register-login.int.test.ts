import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { userRegistered } from '#contracts/user'
import { minutes } from '#kernel/units'
import { unique } from '#testkit/service-harness'
import { budgets } from '../src/domain/throttling.ts'
import { cookiesOf, password, startUserService } from './start-user-service.ts'

const arena = await startUserService()
const { call, clock, db } = arena
after(() => arena.stop())
const register = (body: object) => call('POST /api/register', { body })
const login = (body: object, headers: Record<string, string> = {}) => call('POST /api/login', { body, headers })
const person = { password, name: 'Aline Mutesi' }

describe('register', () => {
  it('makes a student and tells of it', async () => {
    const username = unique('Aline')
    const made = await register({ ...person, username, school: ' GS Nyamata ', language: 'rw' })
    assert.equal(made.status, 201)
    assert.deepEqual(made.body.user, {
      id: made.body.user.id,
      username: username.toLowerCase(),
      name: 'Aline Mutesi',
      school: 'GS Nyamata',
      role: 'student',
      language: 'rw',
    })
    const [told] = await arena.told(userRegistered, made.body.user.id)
    assert.equal(told?.revision, 1)
    assert.equal(told?.sessionsValidFrom, new Date(clock.now()).toISOString())
  })
  it('refuses a name that is taken, whatever its case', async () => {
    const [username, email] = [unique('u'), `${unique('m')}@school.rw`]
    await register({ ...person, username, email })
    const first = await register({ ...person, username: username.toUpperCase() })
    assert.deepEqual([first.status, first.body.error.code], [409, 'USERNAME_TAKEN'])
    const second = await register({ ...person, email: email.toUpperCase() })
    assert.deepEqual([second.status, second.body.error.code], [409, 'EMAIL_TAKEN'])
  })
  it('lets one of many at once have a name', async () => {
    const username = unique('u')
    const answers = await Promise.all(Array.from({ length: 8 }, () => register({ ...person, username })))
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409, 409, 409, 409])
  })
  it('needs a login name and a good password', async () => {
    const nameless = await register(person)
    assert.deepEqual([nameless.status, nameless.body.error.code], [400, 'LOGIN_NAME_MISSING'])
    for (const weak of ['short', 'password123', 'zzzzzzzzz']) {
      const answer = await register({ ...person, username: unique('u'), password: weak })
      assert.deepEqual([answer.status, answer.body.error.code], [422, 'PASSWORD_WEAK'], weak)
    }
  })
  it('never makes more than a student, and takes no unknown field', async () => {
    for (const extra of [{ role: 'admin' }, { disabled: false }, { __proto__x: 1 }]) {
      const answer = await register({ ...person, username: unique('u'), ...extra })
      assert.deepEqual([answer.status, answer.body.error.code], [400, 'VALIDATION_FAILED'])
    }
  })
  it('takes a look-alike e-mail for another account, not for the same', async () => {
    const tail = unique('x')
    assert.equal((await register({ ...person, email: `admin@${tail}.rw` })).status, 201)
    assert.equal((await register({ ...person, email: `\u0430dmin@${tail}.rw` })).status, 201)
    assert.equal((await register({ ...person, username: `\u0430${unique('u')}` })).status, 400, 'usernames are ASCII')
  })
})

describe('hostile text', () => {
  it('is refused as the caller’s fault where it cannot be stored', async () => {
    for (const name of ['a\u0000b', 'half \ud83d', '\udc00']) {
      const answer = await register({ ...person, username: unique('u'), name })
      assert.deepEqual([answer.status, answer.body.error.code, answer.body.error.details.where], [400, 'VALIDATION_FAILED', 'body/name'])
    }
    assert.equal((await login({ username: 'a\u0000', password: 'x' })).status, 400)
    assert.equal((await login({ username: 'nobody', password: 'x\u0000' })).status, 400)
  })
  it('is kept to the letter where it can', async () => {
    const name = `'; drop table users; -- "$1 \\ %_ 🦍 <b>`
    const username = unique('u')
    const made = await register({ ...person, username, name, school: "' or '1'='1" })
    assert.equal(made.body.user.name, name)
    assert.equal((await login({ username, password })).body.user.school, "' or '1'='1")
  })
  it('of the wrong length, kind or shape is a 400', async () => {
    const long = 'x'.repeat(100_000)
    const bad = [
      { name: long },
      { password: long },
      { school: long },
      { username: long },
      { email: `${long}@a.rw` },
      { name: ' ' },
      { name: 7 },
      { name: null },
      { language: 'kl' },
    ]
    for (const part of bad) {
      const answer = await register({ ...person, username: unique('u'), ...part })
      assert.equal(answer.status, 400, JSON.stringify(part).slice(0, 60))
    }
    for (const email of ['a b@c.rw', 'a@b', '@b.rw', 'a@.rw', 'a\nb@c.rw', 'a@b@c.rw']) assert.equal((await register({ ...person, email })).status, 400, email)
    for (const username of ['ab', '-abc', "a'b--", 'a b c', 'a@b']) assert.equal((await register({ ...person, username })).status, 400, username)
  })
})

describe('login', () => {
  it('takes e-mail or username in any case', async () => {
    const [username, email] = [unique('u'), `${unique('m')}@school.rw`]
    await register({ ...person, username, email })
    for (const name of [{ username: username.toUpperCase() }, { email: email.toUpperCase() }, { username: email }])
      assert.equal((await login({ ...name, password })).status, 200, JSON.stringify(name))
  })
  it('gives the web a cookie that no script reads, and the command line a token in the body', async () => {
    const { username } = await arena.member()
    const web = await login({ username, password }, { 'x-forwarded-proto': 'https' })
    assert.equal('refreshToken' in web.body, false)
    assert.equal(web.body.expiresIn, 600)
    assert.match(cookiesOf(web.headers).arena_refresh?.line ?? '', /^arena_refresh=[\w-]{43}; Path=\/api; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure$/)
    const cli = await login({ username, password, client: 'cli' })
    assert.match(cli.body.refreshToken, /^[\w-]{43}$/)
    assert.deepEqual(cookiesOf(cli.headers), {})
  })
  it('stores no refresh token and no device name in the clear', async () => {
    const { username } = await arena.member()
    const web = await login({ username, password })
    const { rows } = await db.query<{ line: string }>('select t::text as line from refresh_tokens t union all select d::text from known_devices d')
    const secrets = Object.values(cookiesOf(web.headers)).flatMap(({ value }) => [
      value,
      Buffer.from(value).toString('hex'),
      Buffer.from(value, 'base64url').toString('hex'),
    ])
    assert.ok(rows.length > 0 && secrets.length === 6)
    for (const { line } of rows) for (const secret of secrets) assert.equal(line.includes(secret), false)
  })
  it('tells neither of a wrong password nor of a missing account which it was', async () => {
    const { username } = await arena.member()
    const wrong = await login({ username, password: 'not this one' })
    const unknown = await login({ username: unique('nobody'), password: 'not this one' })
    for (const answer of [wrong, unknown]) assert.deepEqual([answer.status, answer.body.error.code], [401, 'BAD_CREDENTIALS'])
    assert.equal(wrong.body.error.message, unknown.body.error.message)
    const nameless = await login({ password })
    assert.deepEqual([nameless.status, nameless.body.error.code], [400, 'LOGIN_NAME_MISSING'])
  })
  it('tells that an account is disabled only to who knows its password', async () => {
    const { username } = await arena.member()
    await db.query('update users set disabled = true where username = $1', [username])
    const right = await login({ username, password })
    assert.deepEqual([right.status, right.body.error.code], [403, 'ACCOUNT_DISABLED'])
    assert.equal((await login({ username, password: 'not this one' })).body.error.code, 'BAD_CREDENTIALS')
  })
  it('is not fooled by SQL in a name', async () => {
    for (const username of ["' or 1=1 --", "admin'/*", '%', '_'.repeat(9)])
      assert.equal((await login({ username, password })).body.error.code, 'BAD_CREDENTIALS')
  })
})

describe('throttling', () => {
  const from = (ip: string, more: Record<string, string> = {}) => ({ 'x-real-ip': ip, ...more })
  const hammer = async (username: string, ip: string) => {
    for (let i = 0; i < budgets.loginByName.limit; i++) assert.equal((await login({ username, password: 'guess' }, from(ip))).status, 401)
  }
  it('slows who guesses, says for how long, and lets go by itself', async () => {
    const { username } = await arena.member()
    await hammer(username, '198.51.100.1')
    const slowed = await login({ username, password }, from('198.51.100.1'))
    assert.deepEqual([slowed.status, slowed.body.error.code], [429, 'TOO_MANY_REQUESTS'])
    const { retryAfterSeconds } = slowed.body.error.details
    assert.ok(retryAfterSeconds > 0 && retryAfterSeconds <= 300)
    assert.equal(slowed.headers['retry-after'], String(retryAfterSeconds))
    clock.advance(minutes(5))
    assert.equal((await login({ username, password }, from('198.51.100.1'))).status, 200)
  })
  it('slows guesses at a name that nobody has just the same', async () => {
    const username = unique('nobody')
    await hammer(username, '198.51.100.2')
    assert.equal((await login({ username, password }, from('198.51.100.2'))).status, 429)
  })
  it('of one address leaves the owner at another alone', async () => {
    const { username } = await arena.member()
    await hammer(username, '198.51.100.3')
    assert.equal((await login({ username, password }, from('198.51.100.4'))).status, 200)
  })
  it('leaves a browser that the account knows alone, even behind the same address', async () => {
    const { username } = await arena.member()
    const before = cookiesOf((await login({ username, password }, from('198.51.100.5'))).headers)
    await hammer(username, '198.51.100.5')
    const cookie = `arena_device=${before.arena_device?.value}`
    assert.equal((await login({ username, password }, from('198.51.100.5', { cookie }))).status, 200)
    const stranger = await arena.member()
    await hammer(stranger.username, '198.51.100.5')
    assert.equal((await login({ username: stranger.username, password }, from('198.51.100.5', { cookie }))).status, 429, 'another account does not know it')
  })
  it('gives the budget back for a right password', async () => {
    const { username } = await arena.member()
    for (let round = 0; round < 2; round++) {
      for (let i = 1; i < budgets.loginByName.limit; i++) await login({ username, password: 'guess' }, from('198.51.100.6'))
      assert.equal((await login({ username, password }, from('198.51.100.6'))).status, 200)
    }
  })
  it('lets a whole school log in at the bell from one address, and no flood', async () => {
    const ip = '198.51.100.7'
    for (let i = 0; i < budgets.loginByAddress.limit; i++)
      await arena.host.cache.hit(`user:login:address:${ip}:0`, budgets.loginByAddress.limit, budgets.loginByAddress.window)
    assert.ok(budgets.loginByAddress.limit >= 500)
    assert.equal((await login({ username: unique('u'), password }, from(ip))).status, 429)
  })
})
