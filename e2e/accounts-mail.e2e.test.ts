/**
 * An account and its mail from end to end: the mails are files in the arena's folder here, and their links are what a person would click.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import PostalMime from 'postal-mime'
import { arenaOfSize } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'

const arena = await arenaOfSize()
const folder = join(arena.dataDir, 'mail')
const anAddress = () => `m-${randomBytes(6).toString('hex')}@school.rw`
const newPassword = 'seven cranes over Rugezi'

/** All mail to an address so far, oldest first by the time it says. */
async function mailsTo(email: string) {
  const files = await readdir(folder).catch(() => [])
  const read = files.filter((name) => name.endsWith('.eml')).map(async (name) => PostalMime.parse(await readFile(join(folder, name))))
  return (await Promise.all(read)).filter((mail) => mail.to?.some((to) => to.address === email))
}
/** The token behind the `#` of the one mail to this address whose link leads to `path`, once there are `count` of them: each with another token. */
const tokensMailed = (email: string, path: string, count = 1) =>
  eventually(async () => {
    const links = (await mailsTo(email)).flatMap((mail) => new RegExp(`${path}#([\\w-]{43})\\b`).exec(mail.text ?? '')?.[1] ?? [])
    assert.equal(new Set(links).size, count, `${links.length} links to ${path}`)
    return links
  })

async function registered() {
  const email = anAddress()
  const client = arena.client()
  await client.ok('POST /api/register', { body: { email, password: client.password, name: 'Aline Mutesi', language: 'rw' } })
  const login = await client.ok('POST /api/login', { body: { email, password: client.password, client: 'cli' } })
  client.token = login.accessToken
  return { email, client, refreshToken: login.refreshToken ?? '' }
}

test('register, prove the address by the mail, forget the password, set a new one: every old session is dead', async () => {
  const { email, client, refreshToken } = await registered()
  const nobody = arena.client()
  assert.equal((await client.ok('GET /api/me')).user.emailVerified, false)

  const [proof] = await tokensMailed(email, '/verify-email')
  assert.deepEqual(await nobody.ok('POST /api/email/verify', { body: { token: proof ?? '' } }), { email })
  assert.equal((await client.ok('GET /api/me')).user.emailVerified, true)
  assert.equal((await nobody.call('POST /api/email/verify', { body: { token: proof ?? '' } })).body.error.code, 'TOKEN_INVALID')

  const socket = await client.socket()
  const stranger = await nobody.ok('POST /api/password/forgot', { body: { email: anAddress() } })
  assert.deepEqual(await nobody.ok('POST /api/password/forgot', { body: { email } }), stranger)
  const [link] = await tokensMailed(email, '/reset-password')
  assert.equal((await nobody.call('POST /api/password/reset', { body: { token: link ?? '', password: newPassword } })).status, 204)

  assert.equal((await client.call('GET /api/me')).body.error.code, 'TOKEN_EXPIRED')
  assert.equal((await nobody.call('POST /api/refresh', { body: { refreshToken } })).body.error.code, 'REFRESH_INVALID')
  assert.equal((await nobody.call('POST /api/login', { body: { email, password: client.password } })).body.error.code, 'BAD_CREDENTIALS')
  assert.equal((await nobody.call('POST /api/login', { body: { email, password: newPassword } })).status, 200)
  assert.equal((await nobody.call('POST /api/password/reset', { body: { token: link ?? '', password: newPassword } })).body.error.code, 'TOKEN_INVALID')
  assert.equal((await socket.closed()).code, 4403)
})

test('no token of a mail is in the database, its events or the log once it was sent', async () => {
  const { email } = await registered()
  const [proof = ''] = await tokensMailed(email, '/verify-email')
  const rows = await arena.sql<{ text: string }>(
    `select o::text as text from "user".outbox o union all select t::text from "user".account_tokens t union all select m::text from notifications.mails m`,
  )
  assert.ok(rows.length > 2)
  for (const { text } of rows) assert.ok(!text.includes(proof))
  assert.ok(!arena.log().includes(proof))
})

test('a pupil without an address sets a new password by a link that an admin hands over', async () => {
  const [pupil, admin] = [await arena.as('student'), await arena.as('admin')]
  const { token } = await admin.ok('POST /api/users/:id/password-reset', { params: { id: pupil.user.id } })
  assert.equal((await arena.client().call('POST /api/password/reset', { body: { token, password: newPassword } })).status, 204)
  assert.equal((await pupil.call('GET /api/me')).status, 401)
  await arena.client().login(pupil.user.username ?? '', newPassword)
})
