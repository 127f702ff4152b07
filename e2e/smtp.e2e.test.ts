/** A whole arena with a mail server beside it, which is away when it is needed first. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import PostalMime from 'postal-mime'
import { arenaForTests } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { openSmtpServer } from '#testkit/smtp'

let server = await openSmtpServer()
after(() => server.close())
const { port, url } = server
await server.close() // the port is known, and nobody answers
const publicUrl = 'https://arena.example.rw'
const arena = await arenaForTests({ env: { ARENA_MAIL_URL: url, ARENA_MAIL_FROM: 'Arena <arena@example.rw>', ARENA_PUBLIC_URL: publicUrl } })
const email = `m-${randomBytes(6).toString('hex')}@school.rw`
/** The queue asks a server that was away after five seconds, ten, twenty …; the machine may be busy. */
const generous = 180_000

const mailsTo = () => Promise.all(server.taken.filter(({ to }) => to === email).map(({ raw }) => PostalMime.parse(raw)))

test('a mail that could not go out goes out once, when the mail server is back; its link works, and it is in no log', async () => {
  const client = arena.client()
  await client.ok('POST /api/register', { body: { email, password: client.password, name: 'Aline Mutesi', language: 'fr' } })
  await eventually(async () => {
    const rows = await arena.sql<{ reason: string | null }>('select reason from notifications.mails where reason is not null')
    assert.equal(rows.length, 1, 'it was tried')
  }, generous)
  server = await openSmtpServer({ port })
  const [mail, ...more] = await eventually(async () => {
    const mails = await mailsTo()
    assert.ok(mails.length > 0)
    return mails
  }, generous)
  assert.equal(more.length, 0)
  assert.equal(mail?.subject, 'Bienvenue sur Competa Arena : confirmez votre adresse')
  assert.match(mail?.html ?? '', /<html lang="fr">/)
  const token = new RegExp(`${publicUrl}/verify-email#([\\w-]{43})\\b`).exec(mail?.text ?? '')?.[1] ?? ''
  assert.deepEqual(await arena.client().ok('POST /api/email/verify', { body: { token } }), { email })
  assert.ok(!arena.log().includes(token))
})

test('nobody is shown mail where mail goes out', async () => {
  const admin = await arena.as('admin')
  assert.equal((await admin.call('GET /api/mails')).status, 404)
})
