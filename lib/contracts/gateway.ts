import Type, { type Static } from 'typebox'
import { Closed } from './common.ts'
import { routes } from './route.ts'

const Health = Type.Object({ status: Type.Enum(['ok', 'degraded', 'down']) })
export const Readiness = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down']),
  checks: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.Optional(Type.String()) })),
})
export type Readiness = Static<typeof Readiness>
/** As staff see it: with figures beside, whole numbers whose names hold their units (`oldestSeconds`). */
const Vitals = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down']),
  checks: Type.Record(
    Type.String(),
    Type.Object({ ok: Type.Boolean(), detail: Type.Optional(Type.String()), figures: Type.Optional(Type.Record(Type.String(), Type.Number())) }),
  ),
})
export const DeadLetter = Type.Object({
  id: Type.String(),
  queue: Type.String(),
  topic: Type.String(),
  attempts: Type.Integer(),
  reason: Type.String(),
  diedAt: Type.String(),
  summary: Type.Record(Type.String(), Type.Unknown()),
})
const letter = Closed({ id: Type.String({ maxLength: 100 }) })

export const gatewayRoutes = routes({
  'GET /api/health': { summary: 'Alive', access: 'anyone', ok: [200, Health], errors: [] },
  'GET /api/ready': { summary: 'Each dependency; 503 when work cannot be taken', access: 'anyone', ok: [200, Readiness], errors: ['UNAVAILABLE'] },
  'GET /api/admin/status': {
    summary: 'Every service, every queue',
    access: 'admin',
    ok: [
      200,
      Type.Object({
        services: Type.Record(Type.String(), Vitals),
        queues: Type.Array(
          Type.Object({ queue: Type.String(), waiting: Type.Integer(), leased: Type.Integer(), dead: Type.Integer(), oldestWaitingMs: Type.Integer() }),
        ),
        workers: Type.Array(
          Type.Object({
            workerId: Type.String(),
            sandbox: Type.Union([Type.String(), Type.Null()]),
            reason: Type.Union([Type.String(), Type.Null()]),
            toolchains: Type.Record(Type.String(), Type.String()),
            /** Programs judged at once at most, and now; absent from a worker of an older version. */
            slots: Type.Optional(Type.Integer()),
            atWork: Type.Optional(Type.Integer()),
            heardAt: Type.String(),
          }),
        ),
        serverNow: Type.String(),
      }),
    ],
    errors: [],
  },
  'GET /api/admin/dead-letters': {
    summary: 'Messages that could not be handled',
    access: 'admin',
    ok: [200, Type.Object({ deadLetters: Type.Array(DeadLetter) })],
    errors: [],
  },
  'POST /api/admin/dead-letters/:id/retry': {
    summary: 'Put it back into its queue',
    access: 'admin',
    params: letter,
    ok: [204, Type.Null()],
    errors: ['DEAD_LETTER_NOT_FOUND'],
  },
  'DELETE /api/admin/dead-letters/:id': { summary: 'Discard it', access: 'admin', params: letter, ok: [204, Type.Null()], errors: ['DEAD_LETTER_NOT_FOUND'] },
})
