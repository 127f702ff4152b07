import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { userRegistered, userUpdated } from '#contracts/user'
import { minutes } from '#kernel/units'
import { openOutbox } from '#kit/outbox'
import { eventually } from '#testkit/eventually'
import { unique } from '#testkit/service-harness'
import { openKeyring } from '../src/keyring.ts'
import { createUser, ensureFirstAdmin, resetPassword, setRole } from '../src/operations.ts'
import { password, startUserService } from './start-user-service.ts'

const arena = await startUserService()
const { call, clock, db, bus, host } = arena
after(() => arena.stop())
const outbox = openOutbox({ db, bus, clock, ids: host.ids, log: host.log })
const day = 86_400_000
const deps = { db, outbox, clock, ids: host.ids }
const loginAs = (body: object) => call('POST /api/login', { body: { ...body, client: 'cli' } })

describe('operations', () => {
  it('make the first admin once, also when several start together, and tell of it', async () => {
    const wide = await arena.openDb(6)
    const [locked, found] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = wide.transaction(async (tx) => {
      await tx.query('lock table users in share mode') // nobody inserts before all have found that there is no admin
      locked.resolve()
      await found.promise
    })
    await locked.promise
    const starting = ['Admin', 'chief', 'head'].map((username) => ensureFirstAdmin({ ...deps, db: wide }, { username, password: 'first of them all' }))
    const waiting = 'select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())'
    await eventually(async () => assert.equal((await db.query(waiting)).rows.length, 3))
    found.resolve()
    await holding
    assert.deepEqual((await Promise.all(starting)).map(({ created }) => created).sort(), [false, false, true])
    assert.deepEqual(await ensureFirstAdmin(deps, { email: 'other@arena.rw', password: 'first of them all' }), { created: false })
    const { rows } = await wide.query<{ id: string; username: string }>(`select id, username from users where role = 'admin'`)
    assert.equal(rows.length, 1)
    assert.equal((await loginAs({ username: rows[0]?.username, password: 'first of them all' })).body.user.role, 'admin')
    assert.equal((await arena.told(userRegistered, rows[0]?.id ?? ''))[0]?.role, 'admin')
    await wide.query(`update users set username = 'admin' where role = 'admin'`)
    await wide.close()
  })
  it('say what is wrong when there can be no first admin', async () => {
    await db.query(`update users set role = 'student'`)
    await assert.rejects(ensureFirstAdmin(deps, { username: 'admin', password: 'first of them all' }), /login of another account/)
    await assert.rejects(ensureFirstAdmin(deps, { username: 'chief', password: 'short' }), /too short or too common/)
    await assert.rejects(ensureFirstAdmin(deps, { password: 'first of them all' }), /an e-mail or a username/)
    assert.deepEqual(await ensureFirstAdmin(deps, { email: 'chief@arena.rw', password: 'first of them all' }), { created: true })
  })
  it('make accounts under the rules of registration', async () => {
    const username = unique('teacher')
    const made = await createUser(deps, { username, password, name: 'Demo Teacher', role: 'teacher' })
    assert.ok(made.ok)
    assert.equal((await loginAs({ username, password })).body.user.role, 'teacher')
    assert.deepEqual(await createUser(deps, { username, password, name: 'Again', role: 'teacher' }), { ok: false, error: 'USERNAME_TAKEN' })
    assert.deepEqual(await createUser(deps, { username: unique('t'), password: 'short', name: 'Weak', role: 'teacher' }), { ok: false, error: 'PASSWORD_WEAK' })
  })
  it('reset a password to one that works, end the sessions and tell so', async () => {
    const member = await arena.member()
    const reset = await resetPassword(deps, member.username.toUpperCase())
    assert.ok(reset.ok)
    assert.match(reset.value.password, /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/)
    assert.equal((await loginAs({ username: member.username, password })).body.error.code, 'BAD_CREDENTIALS')
    assert.equal((await loginAs({ username: member.username, password: reset.value.password })).status, 200)
    assert.equal((await call('POST /api/refresh', { body: { refreshToken: member.refreshToken } })).body.error.code, 'REFRESH_INVALID')
    assert.equal((await arena.told(userUpdated, member.id)).at(-1)?.revision, 2)
    assert.deepEqual(await resetPassword(deps, 'nobody.at.all'), { ok: false, error: 'USER_NOT_FOUND' })
  })
  it('change a role, and keep the last admin', async () => {
    const member = await arena.member()
    const changed = await setRole(deps, member.username, 'teacher')
    assert.equal(changed.ok && changed.value.role, 'teacher')
    assert.equal((await call('GET /api/me', {}, { token: member.token })).body.error.code, 'TOKEN_EXPIRED')
    assert.deepEqual(await setRole(deps, 'chief@arena.rw', 'student'), { ok: false, error: 'LAST_ADMIN' })
    assert.deepEqual(await setRole(deps, 'nobody.at.all', 'admin'), { ok: false, error: 'USER_NOT_FOUND' })
  })
})

describe('signing keys', () => {
  const published = async () => (await call('GET /.well-known/jwks.json')).body.keys as Record<string, string>[]
  it('publish the public part and nothing else', async () => {
    for (const key of await published()) {
      assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
      assert.deepEqual([key.alg, key.crv, key.kty, key.use], ['EdDSA', 'Ed25519', 'OKP', 'sig'])
    }
  })
  it('are the same in all replicas, whoever starts first', async () => {
    await db.query('delete from signing_keys')
    const replicas = [1, 2, 3].map(() => openKeyring({ db, clock, ids: host.ids }))
    const sets = await Promise.all(replicas.map((replica) => replica.publicKeys()))
    assert.deepEqual(
      sets.map((set) => set.keys.map((key) => key.kid)),
      Array(3).fill(sets[0]?.keys.map((key) => key.kid)),
    )
    assert.equal(sets[0]?.keys.length, 1)
  })
  it('change every thirty days, and tokens under the key before go on', async () => {
    clock.advance(minutes(10)) // the job of this replica learns the key that others have made
    await eventually(async () => assert.equal(kidOf((await arena.member()).token), (await published())[0]?.kid))
    clock.set((clock.now() + 30 * day) as never)
    const before = await arena.member()
    await openKeyring({ db, clock, ids: host.ids }).rotate() // another replica's job comes first
    clock.set((clock.now() + 60_000) as never)
    assert.equal((await published()).length, 2)
    assert.equal(kidOf((await arena.member()).token), kidOf(before.token), 'this replica has not looked yet')
    clock.advance(minutes(8))
    const after = await eventually(async () => {
      const member = await arena.member()
      assert.notEqual(kidOf(member.token), kidOf(before.token))
      return member
    })
    for (const { token } of [before, after]) assert.equal((await call('GET /api/me', {}, { token })).status, 200)
    clock.set((clock.now() + 70 * 60_000) as never)
    await eventually(async () => {
      clock.advance(minutes(10))
      assert.deepEqual(
        (await published()).map((key) => key.kid),
        [kidOf(after.token)],
      )
    })
  })
})

const part = (token: string, at: number) => JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString())
const kidOf = (token: string): string => part(token, 0).kid

it('an access token says what the rules say, and no more', async () => {
  const member = await arena.member({ name: 'Aline' })
  assert.deepEqual(Object.keys(part(member.token, 0)).sort(), ['alg', 'kid', 'typ'])
  const { iat, exp, sid, ...rest } = part(member.token, 1)
  assert.deepEqual(rest, { sub: member.id, role: 'student', name: 'Aline', iss: 'competa-arena', aud: 'competa-arena-api' })
  assert.equal(exp - iat, 600)
  assert.equal(iat, Math.floor(clock.now() / 1_000))
  assert.match(sid, /^[0-9a-f-]{36}$/)
})

it('old sessions and devices are forgotten by the hourly job', async () => {
  const member = await arena.member()
  await call('POST /api/logout', { body: { refreshToken: member.refreshToken } })
  clock.set((clock.now() + 8 * day) as never)
  await eventually(async () => {
    clock.advance(minutes(60))
    const { rows } = await db.query('select 1 from sessions where user_id = $1', [member.id])
    assert.equal(rows.length, 0)
  })
})
