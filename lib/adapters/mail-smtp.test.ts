import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { type Mail, MailFailure, type MailFate } from '#ports/mailer'
import { mailerSuite } from '#ports/suites/mailer.suite'
import { eventually } from '#testkit/eventually'
import { makeCertificate, openSmtpServer } from '#testkit/smtp'
import { openSmtpMailer } from './mail-smtp.ts'
import { parseSmtpAddress } from './mail-smtp-address.ts'

const from = 'Competa Arena <arena@example.rw>'
const toClose: (() => Promise<unknown>)[] = []
after(async () => {
  for (const close of toClose) await close()
})
type ServerOptions = Parameters<typeof openSmtpServer>[0]
async function open(options: ServerOptions = {}, { query = '', tls }: { query?: string; tls?: { ca: string } } = {}) {
  const server = await openSmtpServer(options)
  const mailer = openSmtpMailer(`${server.url}${query}`, { from, ...(tls && { tls }) })
  toClose.push(mailer.close, server.close)
  return { server, mailer }
}
const aMail = (more: Partial<Mail> = {}): Mail => ({ to: 'aline@example.rw', subject: 'Hello', text: 'some words', ...more })
async function fateOf(sending: Promise<void>): Promise<MailFate | 'sent'> {
  try {
    await sending
    return 'sent'
  } catch (cause) {
    assert.ok(cause instanceof MailFailure, String(cause))
    return cause.fate
  }
}

const suiteServer = await openSmtpServer()
const suiteMailer = openSmtpMailer(suiteServer.url, { from })
toClose.push(suiteMailer.close, suiteServer.close)
mailerSuite('smtp', async () => ({ mailer: suiteMailer, sent: async () => suiteServer.taken.map(({ raw }) => raw) }))

describe('what became of a mail is told apart', () => {
  const answers: readonly (readonly [what: string, turn: NonNullable<NonNullable<ServerOptions>['turn']>, fate: MailFate])[] = [
    ['no such receiver', () => ({ at: 'receiver', code: 550 }), 'refused'],
    ['a text that is not wanted', () => ({ at: 'text', code: 554 }), 'refused'],
    ['greylisting', () => ({ at: 'receiver', code: 451 }), 'later'],
    ['a full disk over there', () => ({ at: 'text', code: 452 }), 'later'],
    ['a connection cut after the text and before the answer', () => 'drop-after-text', 'in-doubt'],
  ]
  for (const [what, turn, fate] of answers)
    it(`${what}: ${fate}`, async () => {
      const { mailer } = await open({ turn })
      assert.equal(await fateOf(mailer.send('one', aMail())), fate)
    })

  it('a connection cut in the middle of the text: later, since a server that has not seen the end keeps nothing', async () => {
    const { mailer, server } = await open({ turn: ({ nth }) => (nth === 1 ? 'drop-in-text' : 'take') })
    const large = aMail({ text: 'a line of words that make a long text\n'.repeat(600_000) }) // more than sockets hold between the two
    assert.equal(await fateOf(mailer.send('one', large)), 'later')
    assert.equal(server.taken.length, 0)
    assert.equal(await fateOf(mailer.send('one', aMail())), 'sent')
  })
  it('a sender that is refused waits for the operator', async () => {
    const { mailer } = await open({ refusesSender: true })
    assert.equal(await fateOf(mailer.send('one', aMail())), 'later')
  })
  it('nobody answers: unreachable', async () => {
    const { mailer, server } = await open()
    await server.close()
    assert.equal(await fateOf(mailer.send('one', aMail())), 'unreachable')
  })
  it('a wrong password: unreachable, and the password is not told', async () => {
    const { server } = await open({ login: { user: 'arena', password: 'right' } })
    const mailer = openSmtpMailer(`${server.url.replace('right', 'wr0ng')}?tls=offered`, { from })
    toClose.push(mailer.close)
    const failure = await mailer.send('one', aMail()).catch((cause: unknown) => cause)
    assert.ok(failure instanceof MailFailure)
    assert.equal(failure.fate, 'unreachable')
    assert.doesNotMatch(`${failure.message} ${String(failure.stack)}`, /wr0ng/)
  })
  it('an address that would break out of its command is refused, and the connection is as good as before', async () => {
    const { mailer, server } = await open()
    for (const to of ['a@example.rw>\r\nRCPT TO:<b@example.rw', 'a@b>example.rw', ''])
      assert.equal(await fateOf(mailer.send('bad', aMail({ to }))), 'refused', to)
    assert.equal(await fateOf(mailer.send('two', aMail())), 'sent')
    assert.deepEqual(
      server.taken.map(({ to }) => to),
      ['aline@example.rw'],
    )
  })
})

it('an address with a comma is one address', async () => {
  const { mailer, server } = await open()
  await mailer.send('one', aMail({ to: '"a,b"@example.rw' })).catch(() => undefined)
  await mailer.send('two', aMail({ to: 'a,b@example.rw' })).catch(() => undefined)
  assert.ok(server.taken.every(({ to }) => to !== 'b@example.rw'))
})

it('a server that says nothing is left after the time for silence: in doubt when it has the text', async () => {
  const server = await openSmtpServer({ delayMs: 60_000 })
  const mailer = openSmtpMailer(server.url, { from, timeouts: { connectMs: 5_000, silenceMs: 3_000, sendMs: 60_000 } })
  toClose.push(mailer.close, server.close)
  assert.equal(await fateOf(mailer.send('one', aMail())), 'in-doubt')
})

it('a server that talks for ever and never answers is cut off', async () => {
  const talker = await listening((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 hello\r\n')
    socket.on('data', (data) => {
      if (/^EHLO/.test(String(data))) return socket.write('250 ok\r\n')
      const drip = setInterval(() => socket.write('250-still thinking\r\n'), 20)
      socket.on('close', () => clearInterval(drip))
    })
  })
  const mailer = openSmtpMailer(talker.url, { from, timeouts: { connectMs: 5_000, silenceMs: 60_000, sendMs: 400 } })
  assert.equal(await fateOf(mailer.send('one', aMail())), 'later')
  await mailer.close()
  talker.close()
})

it('a server that never greets is unreachable', async () => {
  const silent = await listening((socket) => socket.on('error', () => undefined))
  const mailer = openSmtpMailer(silent.url, { from, timeouts: { connectMs: 200, silenceMs: 60_000, sendMs: 60_000 } })
  assert.equal(await fateOf(mailer.send('one', aMail())), 'unreachable')
  await mailer.close()
  silent.close()
})

it('many mails go over few connections, which are used again', async () => {
  const { mailer, server } = await open({ delayMs: 5 }, { query: '?connections=3' })
  await Promise.all(Array.from({ length: 60 }, (_, n) => mailer.send(`many-${n}`, aMail({ to: `p${n}@example.rw` }))))
  assert.equal(new Set(server.taken.map(({ messageId }) => messageId)).size, 60)
  assert.ok(server.figures.most <= 3, `at most ${server.figures.most} connections`)
  assert.ok(server.figures.opened <= 3, `${server.figures.opened} were opened`)
})

it('a connection that the server closed while it rested costs nothing', async () => {
  const { mailer, server } = await open()
  await mailer.send('one', aMail())
  await server.hangUp()
  await mailer.send('two', aMail())
  assert.deepEqual(
    server.taken.map(({ messageId }) => messageId),
    ['one@example.rw', 'two@example.rw'],
  )
})

it('what comes before the hand-over is waited for, and when it fails nothing goes out', async () => {
  const { mailer, server } = await open()
  const order: string[] = []
  await mailer.send('one', aMail(), async () => {
    assert.equal(server.taken.length, 0)
    order.push('before')
  })
  assert.deepEqual([...order, server.taken.length], ['before', 1])
  const fault = new Error('the database is away')
  await assert.rejects(
    mailer.send('two', aMail(), () => Promise.reject(fault)),
    fault,
  )
  await mailer.send('three', aMail())
  assert.deepEqual(
    server.taken.map(({ messageId }) => messageId),
    ['one@example.rw', 'three@example.rw'],
  )
})

it('closing fails what is being sent and leaves no connection', async () => {
  const { mailer, server } = await open({ delayMs: 60_000 })
  const sending = fateOf(mailer.send('one', aMail()))
  await eventually(() => assert.equal(server.connections(), 1))
  await mailer.close()
  assert.notEqual(await sending, 'sent')
  await eventually(() => assert.equal(server.connections(), 0))
  assert.equal(await fateOf(mailer.send('two', aMail())), 'unreachable')
})

it('one can leave by one click (RFC 8058), where the arena is reached by https', async () => {
  const { mailer, server } = await open()
  const long = `https://arena.example.rw/api/notifications/unsubscribe?token=${'x'.repeat(120)}`
  await mailer.send('one', aMail({ unsubscribeUrl: long }))
  await mailer.send('two', aMail({ unsubscribeUrl: 'http://localhost:8080/api/notifications/unsubscribe?token=t' }))
  const [first = '', second = ''] = server.taken.map(({ raw }) => raw.replace(/\r\n[ \t]+/g, ' '))
  assert.ok(first.includes(`List-Unsubscribe: <${long}>`), first)
  assert.ok(first.includes('List-Unsubscribe-Post: List-Unsubscribe=One-Click'))
  assert.doesNotMatch(second, /List-Unsubscribe-Post/)
  assert.match(first, /^Auto-Submitted: auto-generated\r?$/m)
  assert.match(first, /^From: Competa Arena <arena@example.rw>\r?$/m)
})

describe('TLS', { skip: hasOpenssl() ? false : 'there is no openssl to make a certificate with' }, () => {
  const login = { user: 'arena', password: 'pass/word@1' }
  const certificate = hasOpenssl() ? makeCertificate() : { key: '', cert: '' }
  const ways: readonly ('start' | 'starttls')[] = ['start', 'starttls']
  for (const way of ways) {
    it(`a known certificate is taken, and the login goes under it (${way})`, async () => {
      const { mailer, server } = await open({ tls: { ...certificate, from: way }, login }, { tls: { ca: certificate.cert } })
      assert.equal(await fateOf(mailer.send('one', aMail())), 'sent')
      assert.equal(server.taken.length, 1)
    })
    it(`an unknown one is not (${way})`, async () => {
      const { mailer } = await open({ tls: { ...certificate, from: way }, login })
      assert.equal(await fateOf(mailer.send('one', aMail())), 'unreachable')
    })
  }
  it('a password is not given to a server that offers no TLS', async () => {
    const { mailer } = await open({ login })
    assert.equal(await fateOf(mailer.send('one', aMail())), 'unreachable')
  })
})

it('an address of a server says all there is', () => {
  assert.deepEqual(parseSmtpAddress('smtp://mail.example.rw'), { host: 'mail.example.rw', port: 587, tls: 'offered', auth: undefined, connections: 5 })
  assert.deepEqual(parseSmtpAddress('smtps://a%40b:p%2Fw@[::1]:4465?connections=2'), {
    host: '::1',
    port: 4465,
    tls: 'implicit',
    auth: { user: 'a@b', pass: 'p/w' },
    connections: 2,
  })
  assert.equal(parseSmtpAddress('smtp://a:b@mail').tls, 'required')
  assert.equal(parseSmtpAddress('smtp://a:b@mail?tls=offered').tls, 'offered')
  for (const wrong of ['smtp://', 'http://mail', 'smtp://mail/folder', 'smtp://mail?tls=none', 'smtp://mail?connections=0', 'smtp://mail?pool=1', 'mail'])
    assert.throws(() => parseSmtpAddress(wrong), Error, wrong)
  assert.throws(
    () => parseSmtpAddress('smtp://u:secret@mail?x=1'),
    (cause: Error) => !cause.message.includes('secret'),
  )
})

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
async function listening(onSocket: (socket: Socket) => void): Promise<{ url: string; close: () => void }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    onSocket(socket)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { url: `smtp://127.0.0.1:${port}`, close }
}
