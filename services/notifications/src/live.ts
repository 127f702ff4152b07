import type { Static, TSchema } from 'typebox'
import { evaluationProgress } from '#contracts/evaluation'
import { leaderboardChanged } from '#contracts/leaderboard'
import type { EventSpec } from '#contracts/route'
import { runFinished } from '#contracts/runs'
import { instant } from '#kernel/time'
import type { Deps as ServiceDeps } from '#kit/define-service'
import type { Db } from '#ports/db'
import { batchPosted, contestChanged, hearing, posted, sessionsChanged } from './broadcasts.ts'
import { tellsProgress } from './domain/feedback.ts'
import { runPushOf } from './domain/messages.ts'
import { isOver } from './domain/sessions.ts'
import type { Hub } from './sockets/hub.ts'
import * as store from './store.ts'

type Deps = Pick<ServiceDeps, 'bus' | 'fanout' | 'clock' | 'db' | 'log' | 'metrics' | 'tracing'> & { readonly hub: Hub; readonly comeAgain: () => void }

/** What comes by broadcast goes to the sockets that this replica holds. @returns stops listening. */
export async function listenForSockets(deps: Deps): Promise<() => Promise<void>> {
  const { db, bus, fanout, log, hub, comeAgain } = deps
  const listenTo = <S extends TSchema>(spec: EventSpec<S>, hear: (payload: Static<S>) => Promise<void> | void, missed?: () => void) =>
    fanout.listen(spec.topic, { hear: hearing(log, spec, hear), ...(missed && { missed }) })
  const followed = openProgress(db)
  const listeners = await Promise.all([
    listenTo(
      posted,
      ({ userId, traceparent, ...kept }) => {
        if (!hub.isHere(userId)) return
        hub.deliver(userId, kept)
        tellPush(deps, kept.at, traceparent)
      },
      // whatever else was missed: a socket that comes again has its session looked at, resumes its inbox and reads its boards
      comeAgain,
    ),
    listenTo(batchPosted, async ({ batchId }) => {
      const here = hub.usersHere()
      if (here.length === 0) return
      for (const { userId, ...kept } of await store.listBatch(db, batchId, here)) hub.deliver(userId, kept)
    }),
    listenTo(leaderboardChanged, hub.toViewers),
    listenTo(contestChanged, async ({ contestId, moment }) => {
      followed.forget(contestId)
      const here = hub.usersHere()
      const registered = here.length === 0 ? [] : await store.listRegistered(db, contestId, here)
      hub.toViewersAnd(contestId, registered, { type: 'contest.changed', contestId, moment })
    }),
    bus.listen(
      evaluationProgress.topic,
      hearing(log, evaluationProgress, async ({ userId, contestId, submissionId, stage, test, of }) => {
        if (!hub.isHere(userId) || !(await followed.now(contestId))) return
        hub.toUser(userId, { type: 'submission.progress', id: submissionId, stage, test, of })
      }),
    ),
    listenTo(runFinished, (run) => hub.toUser(run.userId, runPushOf(run))),
    listenTo(sessionsChanged, ({ userId, sessionId, role, disabled, sessionsValidFromMs }) => {
      const account = { role: role ?? undefined, disabled, sessionsValidFrom: instant(sessionsValidFromMs) }
      hub.endSessions(userId, ({ held }) => held !== undefined && (sessionId === null ? isOver(held, account) : held.sessionId === sessionId))
    }),
  ])
  return async () => {
    for (const listener of listeners) await listener.stop()
  }
}

/** The last part of the way: from the commit of a message to its socket. */
function tellPush({ clock, metrics, tracing }: Deps, at: string, traceparent: string | undefined): void {
  const startedAt = Date.parse(at)
  metrics.observe('arena_stage_seconds', { stage: 'push' }, clock.now() - startedAt)
  tracing.past('push', { kind: 'producer', parent: traceparent, startedAt, endedAt: clock.now() })
}

const keptContests = 1_000

/** Whether a contest lets its participants follow their tests, remembered: progress comes many times a second. Unknown contests tell nothing. */
function openProgress(db: Db) {
  const known = new Map<string, boolean>()
  return {
    forget: (contestId: string) => void known.delete(contestId),
    async now(contestId: string | null): Promise<boolean> {
      if (contestId === null) return true
      const remembered = known.get(contestId)
      if (remembered !== undefined) return remembered
      const contest = await store.findContest(db, contestId)
      if (contest === undefined) return false
      if (known.size >= keptContests) known.clear()
      const tells = tellsProgress(contest)
      known.set(contestId, tells)
      return tells
    },
  }
}
