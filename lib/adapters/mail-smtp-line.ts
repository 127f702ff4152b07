import { Readable } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { MailFailure, type MailFate } from '#ports/mailer'
import type { SmtpAddress } from './mail-smtp-address.ts'

/** Milliseconds: to connect, be greeted and agree on TLS; of silence; of one send in all. */
export type SmtpTimeouts = { readonly connectMs: number; readonly silenceMs: number; readonly sendMs: number }
export type LineOptions = { readonly timeouts: SmtpTimeouts; readonly tls: ConnectionOptions | undefined }

export type Envelope = {
  readonly from: string
  readonly to: string
  readonly text: Buffer
  readonly beforeHandOver: (() => Promise<void>) | undefined
}
/** Texts go out in pieces, so that it is known whether the last one did. */
const pieceBytes = 16 * 1024
/** How far a text got: nothing of it went out, a part, or all of it. */
type Progress = 'kept' | 'going' | 'gone'

/** A connection that has greeted and logged in. One send at a time. */
export type SmtpLine = {
  /** Resolves when the server has the mail. @throws MailFailure; `nothingLeft`: not a byte of the text went out, and the line is gone. */
  deliver(envelope: Envelope): Promise<void>
  readonly isUp: boolean
  /** Says goodbye, and closes. */
  end(): void
  /** Closes at once; what is being sent fails. */
  cut(): void
}
/** The line was lost before any of the text went out: with a line that had rested, it may have been lost long before. */
export class LineLost extends MailFailure {
  constructor(message: string, options?: ErrorOptions) {
    super('later', message, options)
    this.name = 'LineLost'
  }
}

/** @throws MailFailure, always `unreachable`. */
export async function openLine(address: SmtpAddress, options: LineOptions, onEnd: () => void): Promise<SmtpLine> {
  const connection = new SMTPConnection(connectionOptions(address, options))
  const failed = failureOf(connection)
  connection.once('end', onEnd)
  try {
    await Promise.race([failed, greet(connection, address)])
  } catch (cause) {
    connection.close()
    throw new MailFailure('unreachable', wordsOf(cause), { cause })
  }
  return {
    deliver: (envelope) => deliver(connection, envelope, options.timeouts.sendMs),
    get isUp() {
      return !connection.destroyed
    },
    end: () => (connection.destroyed ? connection.close() : connection.quit()),
    cut: () => connection.close(),
  }
}

const connectionOptions = ({ host, port, tls: how }: SmtpAddress, { timeouts, tls }: LineOptions) => ({
  host,
  port,
  secure: how === 'implicit',
  requireTLS: how === 'required',
  connectionTimeout: timeouts.connectMs,
  greetingTimeout: timeouts.connectMs,
  dnsTimeout: timeouts.connectMs,
  socketTimeout: timeouts.silenceMs,
  socketCloseTimeout: 1_000,
  ...(tls && { tls }),
})

/** Rejects with the connection's error, or when it has ended. */
function failureOf(connection: SMTPConnection): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    connection.once('end', () => reject(new Error('the connection has ended')))
  })
  failed.catch(() => undefined) // a line that ends while it rests is nobody's failure
  return failed
}

async function greet(connection: SMTPConnection, { auth }: SmtpAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => connection.connect((cause) => (cause ? reject(cause) : resolve())))
  if (auth)
    await new Promise<void>((resolve, reject) =>
      connection.login({ credentials: auth, user: auth.user, pass: auth.pass }, (cause) => (cause ? reject(cause) : resolve())),
    )
}

async function deliver(connection: SMTPConnection, { from, to, text, beforeHandOver }: Envelope, withinMs: number): Promise<void> {
  const at: { progress: Progress; fault: unknown } = { progress: 'kept', fault: undefined }
  // read only once the server has said "go on" to DATA
  async function* bytes() {
    try {
      await beforeHandOver?.()
    } catch (cause) {
      at.fault = cause
      throw cause
    }
    at.progress = 'going'
    for (let from = 0; from < text.byteLength; from += pieceBytes) yield text.subarray(from, from + pieceBytes)
    at.progress = 'gone'
  }
  let hasEnded: () => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    // after what else there is to say of the end
    hasEnded = () => setImmediate(() => reject(new Error('the connection has ended')))
  })
  connection.once('end', hasEnded)
  const late = setTimeout(() => connection.close(), withinMs).unref()
  try {
    const envelope = { from, to: [to], size: text.byteLength }
    const answered = new Promise<void>((resolve, reject) => connection.send(envelope, Readable.from(bytes()), (cause) => (cause ? reject(cause) : resolve())))
    await Promise.race([answered, ended])
  } catch (cause) {
    if (at.fault !== undefined) {
      connection.close() // in the middle of a text that will not come
      throw at.fault
    }
    const failure = failureWith(cause, at.progress)
    if (!connection.destroyed) await reset(connection)
    throw failure
  } finally {
    clearTimeout(late)
    connection.off('end', hasEnded)
    ended.catch(() => undefined)
  }
}

/** After a refusal the line can be used again, unless the server does not think so. */
const reset = (connection: SMTPConnection) =>
  new Promise<void>((resolve) => {
    const done = () => {
      connection.off('end', done)
      resolve()
    }
    connection.once('end', done)
    connection.reset((cause) => {
      if (cause) connection.close()
      done()
    })
  })

type SmtpError = { readonly responseCode?: number; readonly command?: string; readonly code?: string }

function failureWith(cause: unknown, progress: Progress): MailFailure {
  const { responseCode, command, code } = cause as SmtpError
  const words = wordsOf(cause)
  if (responseCode === undefined) {
    if (progress === 'gone') return new MailFailure('in-doubt', words, { cause })
    if (command === 'API' && (code === 'EENVELOPE' || code === 'EMESSAGE')) return new MailFailure('refused', words, { cause })
    return progress === 'kept' ? new LineLost(words, { cause }) : new MailFailure('later', words, { cause })
  }
  if (responseCode === 421 && progress === 'kept') return new LineLost(words, { cause })
  return new MailFailure(fateByCode(responseCode, command), words, { cause })
}

/** A sender that is refused is the operator's to put right, so the mail waits; it is not `unreachable`, since some receivers alone have their sender refused. */
const fateByCode = (code: number, command: string | undefined): MailFate => (code >= 500 && code !== 530 && command !== 'MAIL FROM' ? 'refused' : 'later')

const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').slice(0, 300)
