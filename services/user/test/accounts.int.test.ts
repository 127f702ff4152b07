import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { sessionEnded, userUpdated } from '#contracts/user'
import { minutes } from '#kernel/units'
import { unique } from '#testkit/service-harness'
import { budgets } from '../src/domain/throttling.ts'
import { password, startUserService } from './start-user-service.ts'

const arena = await startUserService()
const { call, clock, db } = arena
after(() => arena.stop())
const refresh = (refreshToken: string) => call('POST /api/refresh', { body: { refreshToken } })
const me = (token: string) => call('GET /api/me', {}, { token })
const change = (token: string, body: object) => call('PATCH /api/me', { body }, { token })
const changeUser = (token: string, id: string, body: object) => call('PATCH /api/users/:id', { params: { id }, body }, { token })

describe('/api/me', () => {
  it('says who I am', async () => {
    const member = await arena.member()
    const answer = await me(member.token)
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body.user, { id: member.id, username: member.username, name: 'Aline Mutesi', school: '', role: 'student', language: 'en' })
  })
  it('needs a token of ours', async () => {
    assert.equal((await call('GET /api/me')).body.error.code, 'UNAUTHENTICATED')
    assert.equal((await me('x.y.z')).body.error.code, 'UNAUTHENTICATED')
    assert.equal((await me(await arena.serviceToken('contest', 'user'))).body.error.code, 'UNAUTHENTICATED')
    assert.equal((await me((await arena.tokenFor({ role: 'admin' })).token)).body.error.code, 'UNAUTHENTICATED', 'signed by a foreign key')
  })
  it('says so when the account is gone, or the session over', async () => {
    const [gone, out] = [await arena.member(), await arena.member()]
    await db.query('delete from users where id = $1', [gone.id])
    assert.equal((await me(gone.token)).body.error.code, 'USER_NOT_FOUND')
    assert.equal((await change(gone.token, { name: 'Ghost' })).body.error.code, 'USER_NOT_FOUND')
    await call('POST /api/logout', { body: {} }, { token: out.token })
    assert.deepEqual(
      [(await me(out.token)).status, (await change(out.token, { email: 'thief@evil.example', currentPassword: password })).body.error.code],
      [401, 'TOKEN_EXPIRED'],
    )
  })
  it('changes what is named, tells a newer snapshot, and tells nothing when nothing changes', async () => {
    const member = await arena.member()
    const email = `${unique('M')}@School.RW`
    const changed = await change(member.token, { name: ' Aline U. ', school: 'GS Nyamata', language: 'fr', email, currentPassword: password })
    assert.deepEqual(changed.body.user, {
      id: member.id,
      username: member.username,
      email: email.toLowerCase(),
      emailVerified: false,
      name: 'Aline U.',
      school: 'GS Nyamata',
      role: 'student',
      language: 'fr',
    })
    await change(member.token, { name: 'Aline U.', email: email.toUpperCase() })
    await change(member.token, {})
    await change(member.token, { language: 'rw' })
    const told = await arena.told(userUpdated, member.id, 2)
    assert.deepEqual(
      told.map((payload) => [payload.revision, payload.language, payload.name]),
      [
        [2, 'fr', 'Aline U.'],
        [3, 'rw', 'Aline U.'],
      ],
    )
  })
  it('keeps names unique', async () => {
    const [one, two] = [await arena.member(), await arena.member()]
    const email = `${unique('m')}@school.rw`
    await change(one.token, { email, currentPassword: password })
    const taken = await change(two.token, { email: email.toUpperCase(), name: 'Half done', currentPassword: password })
    assert.deepEqual([taken.status, taken.body.error.code], [409, 'EMAIL_TAKEN'])
    assert.equal((await change(two.token, { username: one.username.toUpperCase() })).body.error.code, 'USERNAME_TAKEN')
    assert.equal((await me(two.token)).body.user.name, 'Aline Mutesi', 'nothing half done')
  })
  it('takes no role, no foreign field, no unstorable text', async () => {
    const { token } = await arena.member()
    for (const body of [{ role: 'admin' }, { id: 'x' }, { name: 'a\u0000' }, { name: null }, { school: 'x'.repeat(121) }])
      assert.deepEqual([(await change(token, body)).status], [400])
  })
})

describe('a new password', () => {
  it('needs the current one, and a good one', async () => {
    const { token, username } = await arena.member()
    for (const body of [{ password: 'another good one' }, { password: 'another good one', currentPassword: 'a guess' }]) {
      const refused = await change(token, body)
      assert.deepEqual([refused.status, refused.body.error.code], [403, 'PASSWORD_WRONG'])
    }
    for (const weak of ['short', 'password123', username]) {
      const answer = await change(token, { password: weak, currentPassword: password })
      assert.deepEqual([answer.status, answer.body.error.code], [422, 'PASSWORD_WEAK'])
    }
  })
  it('ends the other sessions, and this one goes on', async () => {
    const member = await arena.member()
    const other = await arena.login(member.username)
    assert.equal((await change(member.token, { password: 'another good one', currentPassword: password })).status, 200)
    assert.equal((await me(other.token)).body.error.code, 'TOKEN_EXPIRED')
    assert.equal((await refresh(other.refreshToken)).body.error.code, 'REFRESH_INVALID')
    assert.equal((await me(member.token)).status, 200)
    assert.equal((await refresh(member.refreshToken)).status, 200)
    assert.equal((await arena.told(sessionEnded, member.id)).length, 1)
    const login = (text: string) => call('POST /api/login', { body: { username: member.username, password: text } })
    assert.deepEqual([(await login(password)).status, (await login('another good one')).status], [401, 200])
  })
  it('is not to be guessed at from an open browser', async () => {
    const { token } = await arena.member()
    for (let i = 0; i < budgets.currentPassword.limit; i++) await change(token, { password: 'another good one', currentPassword: 'a guess' })
    assert.equal((await change(token, { password: 'another good one', currentPassword: password })).body.error.code, 'TOO_MANY_REQUESTS')
    assert.equal((await change(token, { name: 'Still me' })).status, 200)
  })
})

describe('the admin’s list', () => {
  it('is for admins', async () => {
    for (const role of ['student', 'teacher'] as const) {
      const { token, id } = await arena.member({ role })
      assert.deepEqual([(await call('GET /api/users', {}, { token })).status, (await changeUser(token, id, { role: 'admin' })).status], [403, 403])
    }
    assert.equal((await call('GET /api/users')).status, 401)
  })
  it('finds by any part of name, e-mail, username or school, taking wildcards as they are', async () => {
    const admin = await arena.member({ role: 'admin' })
    const mark = unique('mark')
    const member = await arena.member({ name: `100% ${mark}` })
    await change(member.token, { school: `GS_${mark}` })
    const find = async (query: string) =>
      (await call('GET /api/users', { query: { query } }, { token: admin.token })).body.users.map((user: { id: string }) => user.id)
    for (const text of [mark, mark.toUpperCase(), `100% ${mark}`, `gs_${mark}`, member.username.slice(2)]) assert.deepEqual(await find(text), [member.id], text)
    for (const text of [`1%${mark}`, `gsx${mark}`, `' or 1=1 --`, '\\']) assert.deepEqual(await find(text), [], text)
    assert.equal((await call('GET /api/users', { query: { query: 'a\u0000' } }, { token: admin.token })).status, 400)
  })
  it('comes in pages that hold each account once', async () => {
    const admin = await arena.member({ role: 'admin' })
    const mark = unique('page')
    for (let i = 0; i < 5; i++) await arena.member({ name: `${mark} ${i}` })
    const names: string[] = []
    let next: string | undefined
    do {
      const page = await call('GET /api/users', { query: { query: mark, limit: 2, ...(next ? { after: next } : {}) } }, { token: admin.token })
      names.push(...page.body.users.map((user: { name: string }) => user.name))
      next = page.body.next
    } while (next)
    assert.deepEqual(
      names,
      [4, 3, 2, 1, 0].map((i) => `${mark} ${i}`),
    )
    for (const query of [{ limit: 0 }, { limit: 201 }, { limit: 'x' }, { after: 'x' }, { other: 1 }])
      assert.equal((await call('GET /api/users', { query } as never, { token: admin.token })).status, 400)
  })
})

describe('a change by an admin', () => {
  it('of the role ends that user’s sessions, and tells from when on sessions count', async () => {
    const [admin, member] = [await arena.member({ role: 'admin' }), await arena.member()]
    clock.advance(minutes(1))
    const changed = await changeUser(admin.token, member.id, { role: 'teacher' })
    assert.deepEqual([changed.status, changed.body.user.role, changed.body.user.disabled], [200, 'teacher', false])
    assert.equal((await me(member.token)).body.error.code, 'TOKEN_EXPIRED')
    assert.equal((await refresh(member.refreshToken)).body.error.code, 'REFRESH_INVALID')
    const [told] = await arena.told(userUpdated, member.id)
    assert.deepEqual([told?.revision, told?.role, told?.sessionsValidFrom], [2, 'teacher', new Date(clock.now()).toISOString()])
    assert.equal((await arena.told(sessionEnded, member.id)).length, 1)
    assert.equal((await me((await arena.login(member.username)).token)).body.user.role, 'teacher')
  })
  it('may disable and enable; the same again changes nothing', async () => {
    const [admin, member] = [await arena.member({ role: 'admin' }), await arena.member()]
    for (let i = 0; i < 2; i++) assert.equal((await changeUser(admin.token, member.id, { disabled: true })).body.user.disabled, true)
    assert.equal((await me(member.token)).status, 401)
    assert.equal((await changeUser(admin.token, member.id, { disabled: false })).body.user.disabled, false)
    const { token } = await arena.login(member.username)
    assert.equal((await changeUser(admin.token, member.id, {})).status, 200)
    assert.equal((await me(token)).status, 200, 'no change, no ended session')
    assert.deepEqual(
      (await arena.told(userUpdated, member.id, 2)).map((payload) => [payload.revision, payload.disabled]),
      [
        [2, true],
        [3, false],
      ],
    )
  })
  it('needs a user', async () => {
    const admin = await arena.member({ role: 'admin' })
    const nobody = await changeUser(admin.token, '00000000-0000-7000-8000-000000000000', { role: 'teacher' })
    assert.deepEqual([nobody.status, nobody.body.error.code], [404, 'USER_NOT_FOUND'])
    for (const id of ['x', "1' or '1'='1", '../me']) assert.equal((await changeUser(admin.token, id, { role: 'teacher' })).status, 400, id)
    assert.equal((await changeUser(admin.token, admin.id, { role: 'owner' })).status, 400)
  })
  it('is refused to an admin who is none any more, though the token still says so', async () => {
    const [one, two] = [await arena.member({ role: 'admin' }), await arena.member({ role: 'admin' })]
    assert.equal((await changeUser(one.token, two.id, { role: 'student' })).status, 200)
    assert.equal((await changeUser(two.token, two.id, { role: 'admin' })).body.error.code, 'TOKEN_EXPIRED')
    assert.equal((await call('GET /api/users', {}, { token: two.token })).body.error.code, 'TOKEN_EXPIRED')
  })
  it('holds at once even where it was made behind the service’s back', async () => {
    const admin = await arena.member({ role: 'admin' })
    await db.query(`update users set role = 'teacher' where id = $1`, [admin.id])
    assert.equal((await call('GET /api/users', {}, { token: admin.token })).body.error.code, 'TOKEN_EXPIRED')
  })
  it('never takes the last admin, not even when two demote each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      await db.query(`update users set role = 'student' where role = 'admin'`)
      const [one, two] = [await arena.member({ role: 'admin' }), await arena.member({ role: 'admin' })]
      const answers = await Promise.all([changeUser(one.token, two.id, { role: 'student' }), changeUser(two.token, one.id, { disabled: true })])
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 401])
      const { rows } = await db.query<{ id: string }>(`select id from users where role = 'admin' and not disabled`)
      assert.equal(rows.length, 1)
      const last = rows[0]?.id === one.id ? one : two
      for (const body of [{ role: 'teacher' }, { disabled: true }]) {
        const refused = await changeUser(last.token, last.id, body)
        assert.deepEqual([refused.status, refused.body.error.code], [409, 'LAST_ADMIN'])
      }
    }
  })
})
