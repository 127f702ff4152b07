/**
 * Sends mail, several at once, at most as many as the mailer has connections: memory holds no more than these, however many wait.
 *
 * A mail is taken for `lease`, fenced by its attempt; `handed over` is written before the mail server can have any of its text. So after a crash, or an
 * answer that never came, a mail is either surely not sent (and sent again), or in doubt. In doubt, mail about an account is sent again under the same
 * Message-ID, because somebody waits for it and a second one does no harm; other mail is not, and counted: nobody should be told a thing twice.
 *
 * A mail server that is out of reach is nobody's failure: nothing is sent for a while, and no mail loses a try. What a mail failed at for itself (a receiver
 * that says "later") is tried `maxFailures` times, longer apart each time.
 */
import { type Instant, instant } from '#kernel/time'
import { minutes, seconds } from '#kernel/units'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { type Mail, type Mailer, MailFailure } from '#ports/mailer'
import { decideMail, delayAfter, pauseAfter } from '../domain/mail.ts'
import * as store from '../mail-store.ts'
import { type WriteDeps, writeMail } from './write-mail.ts'

type Deps = WriteDeps & { readonly db: Db; readonly mailer: Mailer; readonly clock: Clock; readonly log: Log; readonly metrics: Metrics }
/** Longer than the mailer may take for one mail (mail-smtp.ts), so that a mail is not at work twice; if it is, the attempt fences. */
const lease = minutes(6)
const longestStop = seconds(8)

export type MailPump = {
  /** Takes what is due, as much as there is room for; what ends makes room for the next. Resolves when everything taken is on its way. */
  run(): Promise<void>
  /** Takes no more and waits for what is on its way, for some seconds. */
  stop(): Promise<void>
}

export function openMailPump(deps: Deps): MailPump {
  const { db, mailer, clock, log, metrics } = deps
  const atWork = new Set<Promise<void>>()
  const line = openLineState(deps)
  let isStopping = false
  let filling: Promise<void> | undefined
  let isAsked = false

  /** @returns whether there may be more that is due, and room for it. */
  async function takeSome(): Promise<boolean> {
    const now = clock.now()
    const room = Math.min(mailer.atOnce - atWork.size, line.room(now))
    if (isStopping || room <= 0) return false
    const taken = await store.claimMails(db, { now, leaseEnd: instant(now + lease), limit: room })
    for (const mail of taken) start(mail)
    return taken.length === room
  }
  async function fill(): Promise<void> {
    do isAsked = false
    while ((await takeSome()) || isAsked)
  }
  function start(mail: store.ClaimedMail): void {
    const work = sendOne(deps, line, mail)
      .catch((cause: unknown) => log.error({ err: cause, mailId: mail.id }, 'what became of a mail could not be written down; its lease will end'))
      .finally(() => {
        atWork.delete(work)
        again()
      })
    atWork.add(work)
  }
  function fillOnce(): Promise<void> {
    filling ??= fill().finally(() => {
      filling = undefined
      if (isAsked) again()
    })
    return filling
  }
  const again = () => {
    isAsked = true
    fillOnce().catch((cause: unknown) => log.error({ err: cause }, 'mail could not be taken from the queue; the next run will'))
  }

  return {
    async run() {
      const doubtful = await store.settleInDoubt(db, clock.now())
      if (doubtful > 0) metrics.add('arena_mails_total', { end: 'in-doubt' }, doubtful)
      if (doubtful > 0) log.error({ mails: doubtful }, 'mails are in doubt: a process ended while the mail server had them; they are not sent again')
      await fillOnce()
    },
    async stop() {
      isStopping = true
      await filling?.catch(() => undefined)
      let cancel: () => void = () => undefined
      const late = new Promise<void>((resolve) => {
        cancel = clock.after(longestStop, resolve)
      })
      await Promise.race([Promise.all(atWork), late]).finally(() => cancel())
    },
  }
}

/** Whether the mail server is in reach, as the last tries showed. */
type LineState = ReturnType<typeof openLineState>
function openLineState({ clock, log }: Pick<Deps, 'clock' | 'log'>) {
  let failures = 0
  let pausedUntil = 0 as Instant
  return {
    /** How many may be tried now: none in a pause, one after it, any number once that one went out. */
    room: (now: Instant) => (now < pausedUntil ? 0 : failures > 0 ? 1 : Number.POSITIVE_INFINITY),
    works() {
      if (failures > 0) log.info({}, 'the mail server is in reach again')
      failures = 0
    },
    /** @returns when to try again. Those that were on their way together count once. */
    isAway(reason: string): Instant {
      const now = clock.now()
      if (now >= pausedUntil) {
        failures += 1
        pausedUntil = instant(now + pauseAfter(failures))
        log.warn({ reason, failures }, 'the mail server is out of reach; mail waits')
      }
      return pausedUntil
    },
  }
}

async function sendOne(deps: Deps, line: LineState, mail: store.ClaimedMail): Promise<void> {
  const { clock, log } = deps
  const now = clock.now()
  const decided = decideMail(mail, now)
  if (decided.what === 'drop') return settle(deps, mail, { state: decided.state, at: now, reason: decided.reason })
  if (decided.what === 'wait') return failed(deps, mail, 'the account is not known yet')
  let written: Mail
  try {
    written = writeMail(deps, mail, decided.template, decided.to)
  } catch (cause) {
    log.error({ err: cause, mailId: mail.id, template: mail.template }, 'a mail cannot be written')
    return settle(deps, mail, { state: 'given-up', at: now, reason: 'it cannot be written' })
  }
  await handOver(deps, line, mail, written)
}

async function settle({ db, metrics }: Deps, mail: store.ClaimedMail, end: Parameters<typeof store.settleMail>[2]): Promise<void> {
  if (await store.settleMail(db, mail, end)) metrics.add('arena_mails_total', { end: end.state })
}

/** Somebody else has the mail: this process was away for longer than its lease. */
class Overtaken extends Error {}

async function handOver(deps: Deps, line: LineState, mail: store.ClaimedMail, written: Mail): Promise<void> {
  const { db, mailer, clock, log } = deps
  try {
    await mailer.send(mail.id, written, async () => {
      if (!(await store.markHandedOver(db, mail, clock.now()))) throw new Overtaken()
    })
  } catch (cause) {
    if (cause instanceof Overtaken) return
    return dealWith(deps, line, mail, cause)
  }
  line.works()
  await settle(deps, mail, { state: 'sent', at: clock.now() })
  log.debug({ mailId: mail.id, template: mail.template }, 'a mail was sent')
}

async function dealWith(deps: Deps, line: LineState, mail: store.ClaimedMail, cause: unknown): Promise<void> {
  const { db, clock, log } = deps
  const fate = cause instanceof MailFailure ? cause.fate : 'later'
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (fate === 'unreachable') return store.returnMail(db, mail, { dueAt: line.isAway(reason), failures: mail.failures, reason })
  line.works()
  if (fate === 'refused') {
    log.warn({ mailId: mail.id, reason }, 'a mail was refused for good')
    return settle(deps, mail, { state: 'given-up', at: clock.now(), reason })
  }
  if (fate === 'in-doubt' && !mail.urgent) {
    log.error({ mailId: mail.id, reason }, 'a mail is in doubt: the mail server had all of it and did not answer; it is not sent again')
    return settle(deps, mail, { state: 'in-doubt', at: clock.now(), reason })
  }
  return failed(deps, mail, reason)
}

async function failed(deps: Deps, mail: store.ClaimedMail, reason: string): Promise<void> {
  const { db, clock, log } = deps
  const failures = mail.failures + 1
  const now = clock.now()
  const delay = delayAfter(failures)
  if (delay === undefined) {
    log.error({ mailId: mail.id, reason }, 'a mail was given up after its last try')
    return settle(deps, mail, { state: 'given-up', at: now, reason })
  }
  log.warn({ mailId: mail.id, reason, failures }, 'a mail was not taken; it will be tried again')
  return store.returnMail(db, mail, { dueAt: instant(now + delay), failures, reason })
}
