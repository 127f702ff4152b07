import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { openSmtpMailer } from '#adapters/mail-smtp'
import type { Mailer } from '#ports/mailer'
import { eventually } from './eventually.ts'

/** What the server does with one mail. `drop-…` cut the connection: while it reads the text, or when it has all of it and before it answers (it keeps it). */
export type SmtpTurn = 'take' | 'drop-in-text' | 'drop-after-text' | { readonly at: 'receiver' | 'text'; readonly code: number }
export type TakenMail = { readonly to: string; readonly messageId: string; readonly raw: string }
type Options = {
  /** Asked for each mail anew; `nth`: how often this receiver's mail was offered, from 1. */
  turn?: (mail: { readonly to: string; readonly nth: number }) => SmtpTurn
  /** Where one answered before. Standard: any free one. */
  port?: number
  /** How long it thinks before it answers to a text. */
  delayMs?: number
  /** Every MAIL FROM gets a 550. */
  refusesSender?: boolean
  tls?: { readonly key: string; readonly cert: string; readonly from: 'start' | 'starttls' }
  login?: { readonly user: string; readonly password: string }
  /** Forget each text as soon as it is counted: for many mails. */
  keep?: 'all' | 'ids'
}

/** A real SMTP server on a port of its own that does as it is told, and remembers what it took. */
export async function openSmtpServer({ turn = () => 'take', port: asked = 0, delayMs = 0, refusesSender = false, tls, login, keep = 'all' }: Options = {}) {
  const taken: TakenMail[] = []
  const offers = new Map<string, number>()
  const closed = new AbortController()
  let closing: Promise<void> | undefined
  const figures = { most: 0, opened: 0 }
  const turnOf = (to: string) => {
    const nth = (offers.get(to) ?? 0) + 1
    return { nth, turn: turn({ to, nth }) }
  }
  const cut = (session: SMTPServerSession) => {
    for (const connection of server.connections as unknown as Set<{ id: string; _socket: Socket }>)
      if (connection.id === session.id) connection._socket.destroy()
  }
  const server = new SMTPServer({
    ...(tls ? { key: tls.key, cert: tls.cert, secure: tls.from === 'start' } : {}),
    disabledCommands: [...(login ? [] : ['AUTH']), ...(tls ? [] : ['STARTTLS'])],
    authOptional: login === undefined,
    allowInsecureAuth: tls === undefined,
    disableReverseLookup: true,
    size: 64 * 1024 * 1024,
    closeTimeout: 100,
    logger: false,
    onConnect(_session, done) {
      figures.opened += 1
      figures.most = Math.max(figures.most, server.connections.size)
      done()
    },
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password ? done(null, { user: username }) : done(refusal(535)),
    onMailFrom: (_address, _session, done) => (refusesSender ? done(refusal(550)) : done()),
    onRcptTo(address, _session, done) {
      const { nth, turn: now } = turnOf(address.address)
      if (typeof now === 'string' || now.at === 'text') return done()
      offers.set(address.address, nth)
      done(refusal(now.code))
    },
    onData: (stream, session, done) => void read(stream, session, done).catch(done),
  })

  async function read(stream: SMTPServerDataStream, session: SMTPServerSession, done: (cause?: Error | null) => void): Promise<void> {
    const to = session.envelope.rcptTo[0]?.address ?? ''
    const { nth, turn: now } = turnOf(to)
    offers.set(to, nth)
    if (now === 'drop-in-text') {
      await once(stream, 'readable')
      return cut(session)
    }
    let raw = ''
    for await (const chunk of stream) raw += String(chunk)
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: closed.signal })
    if (typeof now !== 'string') return done(refusal(now.code))
    const messageId = /^Message-ID: <([^>]*)>/im.exec(raw)?.[1] ?? ''
    // copied, since a part of a text keeps the whole of it in memory
    taken.push(keep === 'all' ? { to, messageId, raw } : { to, messageId: Buffer.from(messageId).toString(), raw: '' })
    if (now === 'drop-after-text') return cut(session)
    done()
  }

  server.on('error', () => undefined) // clients that hang up
  server.listen(asked, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const user = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : ''
  return {
    port,
    url: `${tls?.from === 'start' ? 'smtps' : 'smtp'}://${user}localhost:${port}`,
    taken,
    figures,
    /** Connections open now. */
    connections: () => server.connections.size,
    /** Ends all connections, as servers do with those that rest; resolves when they are gone. */
    async hangUp() {
      for (const connection of server.connections as unknown as Set<{ _socket: Socket }>) connection._socket.end()
      await eventually(() => assert.equal(server.connections.size, 0))
    },
    close() {
      closing ??= new Promise<void>((closed) => server.close(() => closed()))
      closed.abort()
      return closing
    },
  }
}

const refusal = (code: number) => Object.assign(new Error(`told to say ${code}`), { responseCode: code })

/** A certificate for localhost that nobody has signed but itself, good for a day. @throws where there is no openssl. */
export function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'arena-cert-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    const wishes = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ]
    execFileSync('openssl', ['req', '-x509', ...wishes, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The arena's own mailer on such a server, with short times. */
export const openTestMailer = (url: string): Mailer =>
  openSmtpMailer(url, { from: 'Competa Arena <arena@example.rw>', timeouts: { connectMs: 10_000, silenceMs: 30_000, sendMs: 60_000 } })
