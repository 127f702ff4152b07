/**
 * Mail by SMTP, over a few connections that are kept and used again. nodemailer's pool is not used, its connections are: the pool sends a mail again by
 * itself when a connection breaks, also after the whole text went out, and a receiver may then get it twice. Here each send is one try, and says which of
 * four things became of it (`MailFate`); who tries again is the caller's decision.
 *
 * One send: take a line that rests, or open one (greeting, EHLO, STARTTLS, AUTH) → MAIL, RCPT, DATA → `beforeHandOver` → text → answer. A mail is in
 * doubt from its last byte to the answer, and only then: a server that has not seen the end of a text throws it away (RFC 5321, 4.1.1.4 and 4.5.3.2.6).
 */
import type { ConnectionOptions } from 'node:tls'
import { type Mailer, MailFailure } from '#ports/mailer'
import { composeMail, parseSender } from './mail-message.ts'
import { parseSmtpAddress } from './mail-smtp-address.ts'
import { type Envelope, LineLost, openLine, type SmtpLine, type SmtpTimeouts } from './mail-smtp-line.ts'

export type SmtpOptions = {
  /** `Name <address>` */
  readonly from: string
  /** Standard: 20 s, 120 s, 240 s. */
  readonly timeouts?: SmtpTimeouts
  readonly tls?: ConnectionOptions
}
const standardTimeouts: SmtpTimeouts = { connectMs: 20_000, silenceMs: 120_000, sendMs: 240_000 }
/** Servers take some number of mails on one connection, or some seconds of rest between two; a new connection costs little beside a refusal. */
const mailsOnOneLine = 100
const restMs = 15_000

/** @throws when `url` or `from` is not what it should be; nothing is connected yet. */
export function openSmtpMailer(url: string, { from, timeouts = standardTimeouts, tls }: SmtpOptions): Mailer {
  const address = parseSmtpAddress(url)
  const sender = parseSender(from)
  if (sender.address.endsWith('@localhost') && !isHere(address.host)) throw new Error(`no mail server takes mail from ${sender.address}: set ARENA_MAIL_FROM`)
  const lines = openLines(() => openLine(address, { timeouts, tls }, () => undefined), address.connections)
  return {
    atOnce: address.connections,
    kept: undefined,
    async send(id, mail, beforeHandOver) {
      const text = await composeMail(id, mail, sender)
      const envelope = { from: sender.address, to: mail.to, text, beforeHandOver }
      await lines.inPlace(() => deliver(lines, envelope))
    },
    close: lines.close,
  }
}

const isHere = (host: string) => ['localhost', '127.0.0.1', '::1'].includes(host)

type Held = { readonly line: SmtpLine; mails: number; rest: NodeJS.Timeout | undefined }
type Lines = ReturnType<typeof openLines>

async function deliver(lines: Lines, envelope: Envelope): Promise<void> {
  const held = await lines.take()
  const hadRested = held.mails > 0
  held.mails += 1
  try {
    await held.line.deliver(envelope)
  } catch (cause) {
    if (hadRested && cause instanceof LineLost) return await deliver(lines, envelope)
    throw cause
  } finally {
    lines.giveBack(held)
  }
}

/** At most `most` lines, and as many sends at once; others wait in order. */
function openLines(openOne: () => Promise<SmtpLine>, most: number) {
  const resting: Held[] = []
  const atWork = new Set<Held>()
  const waiting: (() => void)[] = []
  let taken = 0
  let isClosed = false
  const forget = (held: Held) => {
    clearTimeout(held.rest)
    const at = resting.indexOf(held)
    if (at >= 0) resting.splice(at, 1)
  }
  return {
    async inPlace<T>(work: () => Promise<T>): Promise<T> {
      if (taken >= most) await new Promise<void>((go) => waiting.push(go))
      else taken += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else taken -= 1
      }
    },
    async take(): Promise<Held> {
      if (isClosed) throw new MailFailure('unreachable', 'the mailer is closed')
      for (let held = resting.pop(); held; held = resting.pop()) {
        clearTimeout(held.rest)
        if (held.line.isUp) return hold(held)
      }
      const opened = hold({ line: await openOne(), mails: 0, rest: undefined })
      if (!isClosed) return opened
      opened.line.cut()
      throw new MailFailure('unreachable', 'the mailer is closed')
    },
    giveBack(held: Held): void {
      atWork.delete(held)
      if (isClosed || !held.line.isUp || held.mails >= mailsOnOneLine) {
        held.line.end()
        return
      }
      held.rest = setTimeout(() => {
        forget(held)
        held.line.end()
      }, restMs).unref()
      resting.push(held)
    },
    async close(): Promise<void> {
      isClosed = true
      for (const held of [...resting]) {
        forget(held)
        held.line.end()
      }
      for (const { line } of atWork) line.cut()
    },
  }
  function hold(held: Held): Held {
    atWork.add(held)
    return held
  }
}
