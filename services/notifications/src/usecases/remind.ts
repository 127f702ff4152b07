import type { ContestSnapshot } from '#contracts/contest'
import { instant, toIso } from '#kernel/time'
import type { Ids } from '#ports/clock'
import type { Db, Tx } from '#ports/db'
import { contestNotice } from '../domain/messages.ts'
import { isWorthTelling, mostADay, type ReminderKind, remindersOf, staleAt } from '../domain/reminders.ts'
import { queueMails } from '../mail-store.ts'
import { claimReminder, countTaken, listDueReminders, listParticipants, type PlannedReminder, planReminders } from '../reminder-store.ts'
import * as store from '../store.ts'
import { type PostDeps, postToParticipants } from './post.ts'

type Deps = PostDeps & { readonly db: Db; readonly ids: Ids }

const dayMs = 86_400_000
const codeOf = { tomorrow: 'CONTEST_TOMORROW', soon: 'CONTEST_STARTING' } as const satisfies Record<ReminderKind, string>
const mailOf = { tomorrow: 'contest-tomorrow', soon: 'contest-soon' } as const satisfies Record<ReminderKind, string>

/** With every new snapshot of a contest, in its transaction. */
export const planRemindersOf = (tx: Tx, contest: ContestSnapshot): Promise<void> => planReminders(tx, contest.contestId, remindersOf(contest))

/**
 * The job: tells the reminders that are due, each in a transaction of its own with all its messages and mails, so that of many replicas one tells it and a
 * crash tells nothing. One that fails holds up no other. @throws what failed, at the end.
 */
export async function remind(deps: Deps): Promise<void> {
  const failures: unknown[] = []
  for (const reminder of await listDueReminders(deps.db, deps.clock.now())) {
    await deps.db
      .transaction((tx) => tellReminder(deps, tx, reminder))
      .catch((cause: unknown) => failures.push(new Error(`the contest ${reminder.contestId} was not reminded of`, { cause })))
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
}

async function tellReminder(deps: Deps, tx: Tx, reminder: PlannedReminder): Promise<void> {
  const now = deps.clock.now()
  if (!(await claimReminder(tx, reminder, now))) return
  const contest = await store.findContest(tx, reminder.contestId)
  if (contest === undefined || !isWorthTelling(contest, reminder, now)) return
  if ((await countTaken(tx, reminder, instant(now - dayMs))) > mostADay) return
  const { contestId, title } = contest
  const startsAt = toIso(reminder.startsAt)
  await postToParticipants(deps, tx, contestId, contestNotice(codeOf[reminder.kind], { contestId, title, at: startsAt }))
  for await (const userIds of participants(tx, contestId))
    await queueMails(tx, {
      template: mailOf[reminder.kind],
      at: now,
      expiresAt: staleAt(reminder),
      params: { contestId, title, startsAt },
      each: userIds.map((userId) => ({ id: deps.ids.next(), userId })),
    })
}

/** Mails of one statement: some megabytes. */
const pageUsers = 5_000
async function* participants(tx: Tx, contestId: string): AsyncGenerator<string[]> {
  for (let after: string | undefined; ; ) {
    const page = await listParticipants(tx, contestId, { after, limit: pageUsers })
    if (page.length > 0) yield page
    if (page.length < pageUsers) return
    after = page.at(-1)
  }
}
