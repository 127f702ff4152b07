export type Mail = {
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  /** Where one POST ends mail of this kind (RFC 8058). */
  readonly unsubscribeUrl?: string
}

export interface Mailer {
  /**
   * Resolves when the next hop has taken the mail. `id` makes a repeated send of the same mail recognisable (Message-ID). `beforeHandOver` is awaited
   * before the first byte of the text goes to a hop that might keep it: until then the mail surely went nowhere.
   * @throws MailFailure
   */
  send(id: string, mail: Mail, beforeHandOver?: () => Promise<void>): Promise<void>
  /** How many sends at once are worth while; more wait for each other. */
  readonly atOnce: number
  /** Mail that stays on this machine, for its viewer; undefined where mail goes out. */
  readonly kept: KeptMails | undefined
  /** Fails what is being sent and ends all connections. Idempotent. */
  close(): Promise<void>
}

/**
 * What becomes of a mail that was not taken:
 * - `refused`: it never will be (there is no such receiver, the text is not wanted)
 * - `later`: it is not taken now, others may be
 * - `unreachable`: no mail goes out now, and that is not this mail's fault (no connection, no login, the sender refused)
 * - `in-doubt`: all of it was handed over and no answer came: the receiver may have it
 */
export type MailFate = 'refused' | 'later' | 'unreachable' | 'in-doubt'
/** `message` says what the server said; no password is in it. */
export class MailFailure extends Error {
  readonly fate: MailFate
  constructor(fate: MailFate, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MailFailure'
    this.fate = fate
  }
}

/** `at`: ISO 8601. */
export type KeptMail = { readonly name: string; readonly to: string; readonly subject: string; readonly at: string }
export interface KeptMails {
  /** The newest `limit`, newest first. */
  list(limit: number): Promise<KeptMail[]>
  read(name: string): Promise<(KeptMail & { readonly text: string; readonly html?: string }) | undefined>
}
