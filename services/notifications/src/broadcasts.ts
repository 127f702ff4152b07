import Type, { type Static, type TSchema } from 'typebox'
import { Id, Role } from '#contracts/common'
import { NotificationCode } from '#contracts/notifications'
import { type EventSpec, event } from '#contracts/route'
import type { Log } from '#kit/log'
import { checker } from '#kit/validation'
import type { Fanout } from '#ports/fanout'

/** What replicas of this service tell each other after a commit: a user's socket may be with any of them. Losable: a gap in `seq` is filled from the inbox. */
export const posted = event(
  'notifications.posted',
  1,
  Type.Object({
    userId: Id,
    seq: Type.Integer(),
    code: NotificationCode,
    params: Type.Record(Type.String(), Type.Unknown()),
    message: Type.String(),
    at: Type.String(),
    traceparent: Type.Optional(Type.String()),
  }),
)
export const batchPosted = event('notifications.batch-posted', 1, Type.Object({ batchId: Id }))
export const contestChanged = event(
  'notifications.contest-changed',
  1,
  Type.Object({ contestId: Id, moment: Type.Enum(['updated', 'starting', 'started', 'frozen', 'ended']) }),
)
export type ContestChangedMoment = Static<typeof contestChanged.payload>['moment']
/** `sessionId` null: look at the account. */
export const sessionsChanged = event(
  'notifications.sessions-changed',
  1,
  Type.Object({
    userId: Id,
    sessionId: Type.Union([Type.String(), Type.Null()]),
    role: Type.Union([Role, Type.Null()]),
    disabled: Type.Boolean(),
    sessionsValidFromMs: Type.Integer(),
  }),
)

/** For `afterCommit`: must not throw, and a lost broadcast is made up for by the inbox. */
export function tellReplicas<S extends TSchema>({ fanout, log }: { fanout: Fanout; log: Log }, spec: EventSpec<S>, payload: Static<S>): void {
  fanout.broadcast(spec.topic, payload).catch((cause: unknown) => log.warn({ err: cause, topic: spec.topic }, 'a broadcast was lost'))
}

/** For `listen`: payloads that fit; others are logged and dropped. */
export function hearing<S extends TSchema>(log: Log, spec: EventSpec<S>, hear: (payload: Static<S>) => Promise<void> | void): (payload: unknown) => void {
  const check = checker(spec.payload)
  return (payload) => {
    const checked = check(payload)
    if (!checked.ok) return log.warn({ topic: spec.topic, misfit: checked.error }, 'a broadcast does not fit its schema')
    Promise.resolve(hear(checked.value as Static<S>)).catch((cause: unknown) => log.warn({ err: cause, topic: spec.topic }, 'a broadcast was not dealt with'))
  }
}
