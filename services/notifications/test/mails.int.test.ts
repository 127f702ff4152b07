import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { v7 } from 'uuid'
import { accountMailAsked, type UserSnapshot, userUpdated } from '#contracts/user'
import { instant } from '#kernel/time'
import { type Ms, minutes, ms } from '#kernel/units'
import type { Tx } from '#ports/db'
import { type Mailer, MailFailure } from '#ports/mailer'
import { eventually } from '#testkit/eventually'
import { openSmtpServer, openTestMailer, type SmtpTurn } from '#testkit/smtp'
import { queueMails } from '../src/mail-store.ts'
import { type Arena, openArena, startsAt } from './arena.ts'

/** What the server does with the next mail to somebody; others are taken. */
const turns = new Map<string, (nth: number) => SmtpTurn>()
let server: Awaited<ReturnType<typeof openSmtpServer>>
let mailer: Mailer
let it: Arena
before(async () => {
  server = await openSmtpServer({ turn: ({ to, nth }) => turns.get(to)?.(nth) ?? 'take' })
  mailer = openTestMailer(`${server.url}?connections=4`)
  it = await openArena({ mailer })
})
after(async () => {
  await it.stop()
  await mailer.close()
  await server.close()
})

let people = 0
async function aUser(more: Partial<UserSnapshot> = {}, arena = it): Promise<UserSnapshot & { email: string }> {
  people += 1
  const email = `p${people}@example.rw`
  const base = { userId: v7(), revision: 1, name: 'Uwase', school: '', role: 'student', language: 'rw', disabled: false, sessionsValidFrom: startsAt } as const
  const user = { ...base, email, emailVerified: true, ...more }
  await arena.publish(userUpdated, user)
  return user
}
const inTransaction = <T>(work: (tx: Tx) => Promise<T>, arena = it) => arena.db.transaction(work)
const queueOver = (userIds: readonly string[], arena = it) =>
  inTransaction(
    (tx) =>
      queueMails(tx, {
        template: 'subscription-over',
        at: arena.clock.now(),
        params: { planName: 'Premium' },
        each: userIds.map((userId) => ({ id: v7(), userId })),
      }),
    arena,
  )
const ask = (user: UserSnapshot & { email: string }, more: { kind?: 'welcome' | 'verify-email' | 'reset-password'; token?: string; until?: Ms } = {}) =>
  it.publish(accountMailAsked, {
    userId: user.userId,
    kind: more.kind ?? 'reset-password',
    name: user.name,
    email: user.email,
    language: user.language,
    sealed: it.host.seals.seal('account-mail', more.token ?? 'tOkEn'),
    expiresAt: new Date(it.clock.now() + (more.until ?? minutes(60))).toISOString(),
  })
const takenBy = (to: string) => server.taken.filter((mail) => mail.to === to)
type Kept = {
  id: string
  state: string
  reason: string | null
  failures: number
  params: unknown
  sealed: string | null
  recipient: string | null
  attempt: number
}
const mailsOf = async (userId: string, arena = it) => (await arena.db.query<Kept>('select * from mails where user_id = $1 order by id', [userId])).rows
/** Lets jobs run until `check` holds; `step` is how far the clock goes each time. It stands while a mail is on its way, whose lease would end else. */
const inTime = <T>(check: () => Promise<T> | T, step: Ms = ms(1_000), arena = it) =>
  eventually(async () => {
    const { rowCount } = await arena.db.query(`select 1 from mails where state = 'sending'`)
    if (rowCount === 0) arena.clock.advance(step)
    return check()
  }, 60_000)
const settled = (userId: string, step?: Ms) =>
  inTime(async () => {
    const mails = await mailsOf(userId)
    for (const { state } of mails) assert.ok(state !== 'waiting' && state !== 'sending', state)
    return mails
  }, step)
const decoded = (raw: string) =>
  raw.replace(/=\r\n/g, '').replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'))

test('a new password: one mail with the secret in its link, and nothing of it kept', async () => {
  const user = await aUser({ emailVerified: false, language: 'fr' })
  await ask(user, { token: 'A-very_secret1' })
  const resting = await mailsOf(user.userId)
  assert.doesNotMatch(JSON.stringify(resting), /A-very_secret1/)
  const [kept] = await settled(user.userId)
  const [mail, ...more] = takenBy(user.email)
  assert.equal(more.length, 0)
  assert.ok(decoded(mail?.raw ?? '').includes(`${it.host.config.publicUrl}/reset-password#A-very_secret1`), mail?.raw)
  assert.match(decoded(mail?.raw ?? ''), /Choisir un nouveau mot de passe/)
  assert.doesNotMatch(mail?.raw ?? '', /List-Unsubscribe/)
  assert.equal(mail?.messageId, `${kept?.id}@example.rw`)
  assert.deepEqual([kept?.state, kept?.params, kept?.sealed, kept?.recipient], ['sent', null, null, null])
})

test('of two mails of one kind about an account that both wait only the newer is sent: the older one’s link is dead', async () => {
  const user = await aUser({ emailVerified: false })
  await ask(user, { kind: 'verify-email', token: 'first' })
  await ask(user, { kind: 'verify-email', token: 'second' })
  await ask(user, { kind: 'reset-password', token: 'other' })
  const mails = await settled(user.userId)
  assert.deepEqual(
    mails.map(({ state }) => state),
    ['not-wanted', 'sent', 'sent'],
  )
  assert.deepEqual(
    takenBy(user.email)
      .map(({ raw }) => /#(\w+)/.exec(decoded(raw))?.[1])
      .sort(),
    ['other', 'second'],
  )
})

test('a link that has expired before its mail could be sent is not sent', async () => {
  const user = await aUser()
  turns.set(user.email, () => ({ at: 'receiver', code: 451 }))
  await ask(user, { until: minutes(3) })
  const [mail] = await settled(user.userId, minutes(1))
  assert.deepEqual([mail?.state, mail?.reason], ['given-up', 'too late to be of use'])
})

test('a secret that cannot be opened makes no mail', async () => {
  const user = await aUser()
  const { host } = it
  const sealed = host.seals.seal('unsubscribe', 'tOkEn')
  const { userId, name, email, language } = user
  await it.publish(accountMailAsked, { userId, kind: 'welcome', name, email, language, sealed, expiresAt: new Date(it.clock.now() + 60_000).toISOString() })
  const [mail] = await settled(user.userId)
  assert.deepEqual([mail?.state, takenBy(email).length], ['given-up', 0])
})

test('one statement queues for a thousand; those without a proven address or who turned it off get none', async () => {
  const wants = await aUser()
  const unproven = await aUser({ emailVerified: false })
  const none = await aUser()
  await it.publish(userUpdated, { ...none, revision: 2, email: undefined as never })
  const disabled = await aUser({ disabled: true })
  const off = await aUser()
  await it.call('PATCH /api/notifications/preferences', { body: { mail: { receipts: false } } }, { token: await it.token(off.userId) })
  const unknown = Array.from({ length: 1_000 }, () => v7())
  assert.equal(await queueOver([wants, unproven, none, disabled, off].map(({ userId }) => userId).concat(unknown)), 1_001)
  await it.db.query('delete from mails where user_id = any($1::uuid[])', [unknown])
  await settled(wants.userId)
  assert.equal(takenBy(wants.email).length, 1)
  assert.match(takenBy(wants.email)[0]?.raw ?? '', /List-Unsubscribe: </)
  for (const other of [unproven, none, disabled, off]) assert.deepEqual(await mailsOf(other.userId), [])
})

test('what changed between queueing and sending counts: address, language, preference', async () => {
  const moves = await aUser()
  const leaves = await aUser()
  for (const { email } of [moves, leaves]) turns.set(email, (nth) => (nth === 1 ? { at: 'receiver', code: 451 } : 'take'))
  await queueOver([moves.userId, leaves.userId])
  await inTime(async () => {
    for (const { userId } of [moves, leaves]) assert.equal((await mailsOf(userId))[0]?.failures, 1)
  })
  await it.publish(userUpdated, { ...moves, revision: 2, email: 'moved@example.rw', language: 'en' })
  await it.call('PATCH /api/notifications/preferences', { body: { mail: { receipts: false } } }, { token: await it.token(leaves.userId) })
  await settled(moves.userId, minutes(1))
  const [left] = await settled(leaves.userId, minutes(1))
  assert.match(takenBy('moved@example.rw')[0]?.raw ?? '', /Subject: Your subscription has ended/)
  assert.deepEqual([left?.state, takenBy(leaves.email).length, takenBy(moves.email).length], ['not-wanted', 0, 0])
})

test('the account’s news may come after the mail was queued', async () => {
  const userId = v7()
  await queueOver([userId])
  await inTime(async () => assert.equal((await mailsOf(userId))[0]?.failures, 1))
  const user = await aUser({ userId })
  await settled(userId, minutes(1))
  assert.equal(takenBy(user.email).length, 1)
})

test('greylisting: the same mail again under the same id, until it is taken', async () => {
  const user = await aUser()
  turns.set(user.email, (nth) => (nth < 4 ? { at: 'receiver', code: 450 } : 'take'))
  await queueOver([user.userId])
  const [mail] = await settled(user.userId, minutes(1))
  assert.deepEqual([mail?.state, mail?.failures], ['sent', 3])
  assert.deepEqual(
    takenBy(user.email).map(({ messageId }) => messageId),
    [`${mail?.id}@example.rw`],
  )
})

test('a receiver that says later for ever is given up after twelve tries, with the reason', async () => {
  const user = await aUser()
  let tries = 0
  turns.set(user.email, () => {
    tries += 1
    return { at: 'text', code: 451 }
  })
  await queueOver([user.userId])
  const [mail] = await settled(user.userId, minutes(30))
  // the twelfth ends it; a connection that broke in between would be no failure of the mail's
  assert.deepEqual([mail?.state, mail?.failures], ['given-up', 11])
  assert.match(mail?.reason ?? '', /451/)
  assert.ok(tries >= 12)
})

test('a receiver that is not there is not tried again', async () => {
  const user = await aUser()
  turns.set(user.email, () => ({ at: 'receiver', code: 550 }))
  await queueOver([user.userId])
  const [mail] = await settled(user.userId)
  assert.deepEqual([mail?.state, mail?.attempt], ['given-up', 1])
  assert.match(mail?.reason ?? '', /550/)
})

test('a server that took the text and gave no answer: mail about an account goes again under its id, other mail is in doubt and does not', async () => {
  const [account, other] = [await aUser(), await aUser()]
  for (const { email } of [account, other]) turns.set(email, (nth) => (nth === 1 ? 'drop-after-text' : 'take'))
  await ask(account)
  await queueOver([other.userId])
  const [sent] = await settled(account.userId, minutes(1))
  const [doubtful] = await settled(other.userId, minutes(1))
  assert.deepEqual([sent?.state, doubtful?.state, doubtful?.params], ['sent', 'in-doubt', null])
  assert.deepEqual(
    takenBy(account.email).map(({ messageId }) => messageId),
    [`${sent?.id}@example.rw`, `${sent?.id}@example.rw`],
  )
  assert.equal(takenBy(other.email).length, 1)
  assert.ok(Number((await it.checks()).mail?.figures?.['in-doubt']) >= 1, 'it is counted where the operator looks')
})

test('a mail server that is away costs no mail a try, and is asked seldom', async () => {
  let isAway = true
  let asked = 0
  const sent: string[] = []
  const away: Mailer = {
    ...mailer,
    async send(id, _mail, beforeHandOver) {
      asked += 1
      if (isAway) throw new MailFailure('unreachable', 'no route to host')
      await beforeHandOver?.()
      sent.push(id)
    },
  }
  const other = await openArena({ mailer: away })
  const users = await Promise.all(Array.from({ length: 20 }, () => aUser({}, other)))
  await queueOver(
    users.map(({ userId }) => userId),
    other,
  )
  const failures = async () => (await other.db.query<{ n: number }>('select sum(failures)::integer as n from mails')).rows[0]?.n
  await inTime(async () => assert.ok((await other.db.query("select 1 from mails where reason = 'no route to host'")).rowCount >= 4), ms(1_000), other)
  for (let n = 0; n < 240; n++) {
    other.clock.advance(minutes(1))
    await other.db.query('select 1')
  }
  await eventually(async () => assert.equal((await other.db.query("select 1 from mails where state = 'sending'")).rowCount, 0))
  assert.equal(await failures(), 0, 'not one try is lost')
  assert.ok(asked < 100, `asked ${asked} times in four hours`)
  isAway = false
  await inTime(() => assert.equal(new Set(sent).size, 20), minutes(1), other)
  assert.equal(sent.length, 20)
  await other.stop()
})

test('replicas share the work: every mail once', async () => {
  const users = await Promise.all(Array.from({ length: 40 }, () => aUser()))
  const replica = await it.again()
  await queueOver(users.map(({ userId }) => userId))
  for (const { userId } of users) await settled(userId)
  await replica.stop()
  for (const { email } of users) assert.equal(takenBy(email).length, 1, email)
})

test('who was away for longer than their lease hands nothing over any more', async () => {
  let wake: () => void = () => undefined
  const asleep = new Promise<void>((resolve) => {
    wake = resolve
  })
  const order: string[] = []
  let first = true
  const sleepy: Mailer = {
    ...mailer,
    atOnce: 2,
    async send(_id, _mail, beforeHandOver) {
      if (first) {
        first = false
        await asleep
        await beforeHandOver?.().catch((cause: unknown) => {
          order.push('refused')
          throw cause
        })
        return void order.push('sent by the sleeper')
      }
      await beforeHandOver?.()
      order.push('sent')
    },
  }
  const other = await openArena({ mailer: sleepy })
  const user = await aUser({}, other)
  await queueOver([user.userId], other)
  await inTime(() => assert.equal(first, false), ms(1_000), other)
  await eventually(() => {
    other.clock.advance(minutes(1))
    assert.deepEqual(order, ['sent'])
  }, 60_000)
  wake()
  await eventually(() => assert.deepEqual(order, ['sent', 'refused']))
  assert.equal((await mailsOf(user.userId, other))[0]?.state, 'sent')
  await other.stop()
})

test('mail about accounts goes before a crowd of other mail', async () => {
  const order: string[] = []
  const slow: Mailer = {
    ...mailer,
    atOnce: 1,
    async send(_id, { to }, beforeHandOver) {
      await beforeHandOver?.()
      order.push(to)
    },
  }
  const other = await openArena({ mailer: slow })
  const users = await Promise.all(Array.from({ length: 10 }, () => aUser({}, other)))
  const forgetful = await aUser({}, other)
  await queueOver(
    users.map(({ userId }) => userId),
    other,
  )
  const sealed = other.host.seals.seal('account-mail', 'tOkEn')
  const { userId, name, email, language } = forgetful
  await other.publish(accountMailAsked, {
    userId,
    kind: 'reset-password',
    name,
    email,
    language,
    sealed,
    expiresAt: new Date(instant(other.clock.now() + 60_000)).toISOString(),
  })
  await inTime(() => assert.equal(order.length, 11), ms(1_000), other)
  assert.equal(order[0], forgetful.email)
  await other.stop()
})

test('preferences: all on until turned off, each for itself', async () => {
  const token = await it.token(v7())
  const read = async () => (await it.call('GET /api/notifications/preferences', {}, { token })).body.mail
  const change = (mail: object) => it.call('PATCH /api/notifications/preferences', { body: { mail } }, { token })
  assert.deepEqual(await read(), { reminders: true, results: true, receipts: true })
  assert.deepEqual((await change({ reminders: false, results: false })).body.mail, { reminders: false, results: false, receipts: true })
  assert.deepEqual((await change({ reminders: true })).body.mail, { reminders: true, results: false, receipts: true })
  assert.deepEqual((await change({})).body.mail, await read())
  for (const wrong of [{ account: false }, { reminders: 'no' }, { reminders: null }]) assert.equal((await change(wrong)).body.error.code, 'VALIDATION_FAILED')
  assert.equal((await it.call('GET /api/notifications/preferences')).status, 401)
})

test('one click in a mail turns its kind off, without a login, as mail programs send it', async () => {
  const user = await aUser()
  await queueOver([user.userId])
  await settled(user.userId)
  const raw = (takenBy(user.email)[0]?.raw ?? '').replace(/\r\n[ \t]+/g, ' ')
  const path = /List-Unsubscribe: <http:\/\/[^/]+(\/api\/notifications\/unsubscribe\?token=[^>]+)>/.exec(raw)?.[1] ?? ''
  const forms = [
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'List-Unsubscribe=One-Click' },
    {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      payload: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    },
    {},
  ]
  for (const form of forms) {
    const answer = await it.app.inject({ method: 'POST', url: path, ...form })
    assert.deepEqual([answer.statusCode, answer.json()], [200, { kind: 'receipts', mail: 'off' }], JSON.stringify(form))
  }
  assert.equal(await queueOver([user.userId]), 0)
})

test('a token of somebody else, of another kind or of nobody turns nothing off', async () => {
  const user = await aUser()
  const { seals } = it.host
  const right = seals.sign('unsubscribe', `${user.userId}.results`)
  const wrong = [
    `${user.userId}.receipts.${right}`,
    `${v7()}.results.${right}`,
    `${user.userId}.results.${seals.sign('account-mail', `${user.userId}.results`)}`,
    `${user.userId}.results.`,
    `${user.userId}.results`,
    `${user.userId}.account.${seals.sign('unsubscribe', `${user.userId}.account`)}`,
    'x',
  ]
  for (const token of wrong) {
    const answer = await it.call('POST /api/notifications/unsubscribe', { query: { token } })
    assert.deepEqual([answer.status, answer.body.error.code], [410, 'TOKEN_INVALID'], token)
  }
  assert.equal(await queueOver([user.userId]), 1)
})

test('kept mail is shown to an admin on this machine, while it is one for development, and to nobody else', async () => {
  const user = await aUser()
  const folder = await openArena()
  await folder.publish(userUpdated, user)
  await queueOver([user.userId], folder)
  const admin = await folder.token(v7(), { role: 'admin' })
  const list = (token: string, headers: Record<string, string> = {}) => folder.call('GET /api/mails', { headers }, { token })
  const [mail] = await inTime(
    async () => {
      const { mails } = (await list(admin)).body
      assert.equal(mails.length, 1)
      return mails
    },
    ms(1_000),
    folder,
  )
  assert.deepEqual([mail.to, mail.subject], [user.email, 'Ifatabuguzi ryawe ryarangiye'])
  const one = (name: string, token = admin, headers: Record<string, string> = {}) =>
    folder.call('GET /api/mails/:name', { params: { name }, headers }, { token })
  const { body } = await one(mail.name)
  assert.match(body.mail.text, /Muraho Uwase,/)
  assert.match(body.mail.html, /<!doctype html>/)
  assert.equal((await one('no-such-mail')).body.error.code, 'MAIL_NOT_FOUND')
  for (const name of ['..%2F..%2Fetc%2Fpasswd', 'a.eml', '.x']) assert.ok([400, 404].includes((await one(name)).status), name)
  for (const from of ['10.0.0.7', '203.0.113.9', '2001:db8::1', '127.0.0.1.evil', 'unknown'])
    for (const answer of [await list(admin, { 'x-real-ip': from }), await one(mail.name, admin, { 'x-real-ip': from })])
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'NOT_FOUND'], from)
  for (const from of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.equal((await list(admin, { 'x-real-ip': from })).status, 200, from)
  for (const role of ['student', 'teacher'] as const) assert.equal((await list(await folder.token(v7(), { role }))).status, 403)
  await folder.stop()

  const production = await openArena({ config: { ...it.host.config, mode: 'production' } })
  assert.equal((await production.call('GET /api/mails', {}, { token: await production.token(v7(), { role: 'admin' }) })).status, 404)
  await production.stop()
  const bySmtp = await it.call('GET /api/mails', {}, { token: await it.token(v7(), { role: 'admin' }) })
  assert.equal(bySmtp.status, 404, 'nor where mail goes out')
})

test('mails that were settled long ago are forgotten', async () => {
  const user = await aUser()
  await queueOver([user.userId])
  await settled(user.userId)
  await it.db.query(`update mails set settled_at = settled_at - interval '100 days' where user_id = $1`, [user.userId])
  await inTime(async () => assert.deepEqual(await mailsOf(user.userId), []), minutes(61))
})
