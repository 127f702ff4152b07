export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html?: string }

export interface Mailer {
  /** Resolves when the next hop has taken the mail. `id` makes a repeated send of the same mail recognisable (Message-ID). */
  send(id: string, mail: Mail): Promise<void>
}
