import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { sessionEnded } from '#contracts/user'
import { minutes, seconds } from '#kernel/units'
import { cookiesOf, password, startUserService } from './start-user-service.ts'

const arena = await startUserService()
const { call, clock, db } = arena
after(() => arena.stop())
const day = minutes(1440)
const refresh = (refreshToken: string) => call('POST /api/refresh', { body: { refreshToken } })
const webLogin = async () => {
  const { username } = await arena.member()
  return cookiesOf((await call('POST /api/login', { body: { username, password } })).headers).arena_refresh?.value ?? ''
}
const byCookie = (key: 'POST /api/refresh' | 'POST /api/logout', value: string, headers: Record<string, string> = {}, body: object | null = {}) =>
  call(key, { ...(body ? { body } : {}), headers: { cookie: `arena_refresh=${value}`, ...headers } })
const endedSessions = (userId: string) => arena.told(sessionEnded, userId)

describe('the list of one’s own sessions', () => {
  const list = async (token: string) => (await call('GET /api/me/sessions', {}, { token })).body.sessions
  it('names each device, tells which is this one, and who was used last comes first', async () => {
    const member = await arena.member()
    clock.advance(seconds(60))
    const phone = await call('POST /api/login', {
      body: { username: member.username, password, client: 'cli' },
      headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile' },
    })
    const [newest, first] = await list(member.token)
    assert.deepEqual([newest.browser, newest.system, newest.current, first.current], ['Chrome', 'Android', false, true])
    assert.equal(Date.parse(newest.startedAt) - Date.parse(first.startedAt), 60_000)
    clock.advance(seconds(30))
    await refresh(member.refreshToken)
    assert.deepEqual(
      (await list(phone.body.accessToken)).map((session: { id: string }) => session.id),
      [first.id, newest.id],
    )
  })
  it('ends one: it trades no more, its token is refused here, its sockets are told to close', async () => {
    const member = await arena.member()
    const other = await arena.login(member.username)
    const { id } = (await list(other.token)).find((session: { current: boolean }) => session.current)
    assert.deepEqual((await call('DELETE /api/me/sessions/:id', { params: { id } }, { token: member.token })).body, { ended: 1 })
    assert.equal((await refresh(other.refreshToken)).body.error.code, 'REFRESH_INVALID')
    assert.equal((await call('GET /api/me/sessions', {}, { token: other.token })).body.error.code, 'TOKEN_EXPIRED')
    assert.deepEqual(await endedSessions(member.id), [{ userId: member.id, sessionId: id }])
    assert.equal((await list(member.token)).length, 1)
    const again = await call('DELETE /api/me/sessions/:id', { params: { id } }, { token: member.token })
    assert.deepEqual([again.status, again.body.error.code], [404, 'SESSION_NOT_FOUND'])
  })
  it('ends all others and never this one; a session that was ended ends nobody', async () => {
    const member = await arena.member()
    const others = [await arena.login(member.username), await arena.login(member.username)]
    assert.deepEqual((await call('DELETE /api/me/sessions', {}, { token: member.token })).body, { ended: 2 })
    for (const { token, refreshToken } of others) {
      assert.equal((await refresh(refreshToken)).status, 401)
      assert.equal((await call('DELETE /api/me/sessions', {}, { token })).body.error.code, 'TOKEN_EXPIRED')
    }
    assert.equal((await refresh(member.refreshToken)).status, 200)
    assert.deepEqual((await call('DELETE /api/me/sessions', {}, { token: member.token })).body, { ended: 0 })
  })
  it('is nobody else’s: another’s session is not there, and nobody without an account has any', async () => {
    const [member, stranger] = [await arena.member(), await arena.member({ role: 'admin' })]
    const [{ id }] = await list(member.token)
    const { token } = await arena.login(stranger.username)
    assert.equal((await call('DELETE /api/me/sessions/:id', { params: { id } }, { token })).body.error.code, 'SESSION_NOT_FOUND')
    assert.equal((await call('DELETE /api/me/sessions/:id', { params: { id: 'me' } }, { token })).status, 400)
    assert.equal((await list(member.token)).length, 1)
    assert.equal((await call('GET /api/me/sessions', {})).status, 401)
  })
})

describe('refresh', () => {
  it('trades a token for a new pair, in the body for the command line', async () => {
    const member = await arena.member()
    const traded = await refresh(member.refreshToken)
    assert.equal(traded.status, 200)
    assert.notEqual(traded.body.refreshToken, member.refreshToken)
    assert.deepEqual(cookiesOf(traded.headers), {})
    assert.equal((await call('GET /api/me', {}, { token: traded.body.accessToken })).body.user.id, member.id)
  })
  it('and as a new cookie for the web', async () => {
    const value = await webLogin()
    const traded = await byCookie('POST /api/refresh', value)
    assert.equal(traded.status, 200)
    assert.equal('refreshToken' in traded.body, false)
    assert.notEqual(cookiesOf(traded.headers).arena_refresh?.value, value)
  })
  it('ends the whole session when a traded token comes back after its successor was used, and tells of it', async () => {
    const member = await arena.member()
    const second = (await refresh(member.refreshToken)).body.refreshToken
    const third = (await refresh(second)).body.refreshToken
    const reused = await refresh(member.refreshToken)
    assert.deepEqual([reused.status, reused.body.error.code], [401, 'REFRESH_REUSED'])
    assert.equal((await refresh(third)).body.error.code, 'REFRESH_INVALID')
    assert.equal((await endedSessions(member.id)).length, 1)
    assert.equal((await call('GET /api/me', {}, { token: member.token })).body.error.code, 'TOKEN_EXPIRED')
  })
  it('gives two tabs that ask at once a pair each', async () => {
    const member = await arena.member()
    const answers = await Promise.all([1, 2, 3].map(() => refresh(member.refreshToken)))
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200, 200],
    )
    assert.equal(new Set(answers.map((answer) => answer.body.refreshToken)).size, 3)
    for (const answer of answers) assert.equal((await refresh(answer.body.refreshToken)).status, 200)
  })
  it('forgives a lost answer, even much later, and then knows the lost pair for a copy', async () => {
    const member = await arena.member()
    const lost = (await refresh(member.refreshToken)).body.refreshToken
    clock.advance(seconds(60))
    const again = await refresh(member.refreshToken)
    assert.equal(again.status, 200)
    assert.equal((await refresh(lost)).body.error.code, 'REFRESH_REUSED')
    assert.equal((await refresh(again.body.refreshToken)).body.error.code, 'REFRESH_INVALID')
  })
  it('refuses what is no token of ours, in one way', async () => {
    for (const token of ['', 'x', 'x'.repeat(200), "' or 1=1 --", 'é']) assert.equal((await refresh(token)).body.error.code, 'REFRESH_INVALID', token)
    assert.equal((await call('POST /api/refresh', { body: {} })).body.error.code, 'REFRESH_INVALID')
    assert.equal((await refresh('x'.repeat(201))).status, 400)
  })
  it('tells a disabled account', async () => {
    const member = await arena.member()
    await db.query('update users set disabled = true where id = $1', [member.id])
    assert.equal((await refresh(member.refreshToken)).body.error.code, 'ACCOUNT_DISABLED')
  })
  it('says the role as it is now', async () => {
    const member = await arena.member()
    await db.query(`update users set role = 'teacher' where id = $1`, [member.id])
    const claims = JSON.parse(Buffer.from((await refresh(member.refreshToken)).body.accessToken.split('.')[1], 'base64url').toString())
    assert.equal(claims.role, 'teacher')
  })
  it('keeps a session alive that is used, for 180 days at most, and ends one that is not after 30', async () => {
    const [used, idle] = [await arena.member(), await arena.member()]
    let token = used.refreshToken
    for (let days = 0; days < 174; days += 29) {
      clock.set((clock.now() + 29 * day) as never)
      const answer = await refresh(token)
      assert.equal(answer.status, 200, `after ${days + 29} days`)
      token = answer.body.refreshToken
      if (days === 0) continue
      assert.equal((await refresh(idle.refreshToken)).body.error.code, 'REFRESH_INVALID')
    }
    clock.set((clock.now() + 7 * day) as never)
    assert.equal((await refresh(token)).body.error.code, 'REFRESH_INVALID')
  })
})

describe('a foreign page', () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  it('cannot refresh or log out with the cookie, should a browser ever send it along', async () => {
    const value = await webLogin()
    for (const key of ['POST /api/refresh', 'POST /api/logout'] as const) {
      assert.equal((await byCookie(key, value, foreign, null)).status, 403, 'empty, without a type')
      assert.equal((await byCookie(key, value, { origin: 'https://evil.example' }, null)).status, 403, 'from an old browser')
      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
        for (const payload of ['', '{}', 'a=b']) {
          const answer = await call(key, { headers: { cookie: `arena_refresh=${value}`, 'content-type': type, ...foreign } }, { payload })
          assert.ok([400, 403, 415].includes(answer.status), `${key} ${type} "${payload}": ${answer.status}`)
        }
      }
    }
    assert.equal((await byCookie('POST /api/refresh', value)).status, 200, 'the session lives')
  })
  it('leaves a tool without a browser’s headers alone', async () => {
    assert.equal((await byCookie('POST /api/refresh', await webLogin(), {}, null)).status, 200)
  })
})

describe('logout', () => {
  it('ends the session, clears the cookie, tells once, and may be repeated', async () => {
    const member = await arena.member()
    const cookie = cookiesOf((await call('POST /api/login', { body: { username: member.username, password } })).headers).arena_refresh?.value ?? ''
    for (let i = 0; i < 2; i++) {
      const out = await byCookie('POST /api/logout', cookie)
      assert.deepEqual([out.status, out.text], [204, ''])
      assert.match(cookiesOf(out.headers).arena_refresh?.line ?? '', /^arena_refresh=; Path=\/api; Max-Age=0;/)
    }
    assert.equal((await byCookie('POST /api/refresh', cookie)).body.error.code, 'REFRESH_INVALID')
    assert.equal((await endedSessions(member.id)).length, 1)
    assert.equal((await refresh(member.refreshToken)).status, 200, 'another session of the same user lives')
  })
  it('works by a token in the body, by an old token of the family, and by the access token', async () => {
    const [byBody, byOld, byAccess] = [await arena.member(), await arena.member(), await arena.member()]
    const newer = (await refresh(byOld.refreshToken)).body.refreshToken
    assert.equal((await call('POST /api/logout', { body: { refreshToken: byBody.refreshToken } })).status, 204)
    assert.equal((await call('POST /api/logout', { body: { refreshToken: byOld.refreshToken } })).status, 204)
    assert.equal((await call('POST /api/logout', { body: {} }, { token: byAccess.token })).status, 204)
    for (const token of [byBody.refreshToken, newer, byAccess.refreshToken]) assert.equal((await refresh(token)).body.error.code, 'REFRESH_INVALID')
  })
  it('without a session is fine', async () => {
    assert.equal((await call('POST /api/logout', { body: {} })).status, 204)
    assert.equal((await call('POST /api/logout', { body: { refreshToken: 'nothing of ours' } })).status, 204)
  })
})
