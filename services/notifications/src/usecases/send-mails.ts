import { instant } from '#kernel/time'
import { seconds } from '#kernel/units'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Mailer } from '#ports/mailer'
import { delayAfter } from '../domain/mail.ts'
import * as store from '../mail-store.ts'

type Deps = { readonly db: Db; readonly mailer: Mailer; readonly clock: Clock; readonly log: Log }
/** Longer than a send may take, so that a mail is never at work twice. */
const lease = seconds(60)
const deadline = seconds(30)

/** Sends what is due, one after another; a failure waits longer each time and is given up, loudly, after the last try. */
export async function sendMails(deps: Deps): Promise<void> {
  for (;;) {
    const due = await store.claimMails(deps.db, deps.clock.now(), lease, 1)
    const [mail] = due
    if (mail === undefined) return
    await sendOne(deps, mail)
  }
}

async function sendOne({ db, mailer, clock, log }: Deps, mail: store.WaitingMail): Promise<void> {
  try {
    await withDeadline(mailer.send(mail.id, { to: mail.recipient, subject: mail.subject, text: mail.body }), clock)
    await store.markSent(db, mail.id, clock.now())
  } catch (cause) {
    const delay = delayAfter(mail.tries)
    const now = clock.now()
    const reason = cause instanceof Error ? cause.message : String(cause)
    await store.markFailed(db, mail.id, { now, nextTryAt: delay === undefined ? undefined : instant(now + delay), reason })
    if (delay === undefined) log.error({ mailId: mail.id, reason }, 'a mail was given up after its last try')
    else log.warn({ mailId: mail.id, reason, tries: mail.tries }, 'a mail was not taken; it will be tried again')
  }
}

async function withDeadline(work: Promise<void>, clock: Clock): Promise<void> {
  let cancel: () => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(deadline, () => reject(new Error('the mail server did not answer in time')))
  })
  await Promise.race([work, late]).finally(cancel)
}
