import type { ServiceName } from '#contracts/all'
import type { Readiness } from '#contracts/gateway'
import { fail, ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import { type Check, type Deps, defineService } from '#kit/define-service'
import { type HeardJudge, openJudges } from '#kit/judges'
import type { Readings } from '#kit/metrics'
import type { DeadLetter } from '#ports/bus'

/** What the gateway asks of the process it lives in: the checks of each service hosted or reached from here. */
export type Neighbours = () => Promise<Readonly<Partial<Record<ServiceName, Readonly<Record<string, Check>>>>>>

/** The oldest waiting piece of work may be this old before the arena calls itself degraded. */
const slowQueueMs = 60_000

/** The one front door's own routes: health, status, dead letters. Routing, static files and headers are in `front-door.ts`. */
export const gatewayService = (neighbours: Neighbours) =>
  defineService({
    name: 'gateway',
    migrations: 'none',
    build({ bus, clock, log, metrics }) {
      const judges = openJudges({ bus, clock, log })
      // apart, so that a queue that does not answer hides no judge
      const reports = [metrics.report(() => judgesNow(judges.living())), metrics.report(async () => queuesNow(await bus.depth()))]
      let asking: Promise<Readiness> | undefined
      /** Asked by anybody, and it counts the queues: those who ask at the same time get one answer. */
      const readiness = () => {
        asking ??= readinessOf({ bus, log }, neighbours, judges.living().length).finally(() => {
          asking = undefined
        })
        return asking
      }
      const gone = fail({ code: 'DEAD_LETTER_NOT_FOUND' as const })
      return {
        handlers: {
          'GET /api/health': async () => ok({ status: 'ok' as const }),
          'GET /api/ready': async () => {
            const found = await readiness()
            return found.status === 'down' ? fail({ code: 'UNAVAILABLE', details: { checks: found.checks } }) : ok(found)
          },
          'GET /api/admin/status': async () => {
            const services = Object.entries(await neighbours()).map(
              ([name, checks]) => [name, { status: worst(Object.values(checks)), checks: { ...checks } }] as const,
            )
            const queues = await bus.depth()
            return ok({
              services: Object.fromEntries(services),
              queues,
              workers: judges.living().map(({ status, at }) => ({ ...status, heardAt: toIso(at) })),
              serverNow: toIso(clock.now()),
            })
          },
          'GET /api/admin/dead-letters': async () => ok({ deadLetters: (await bus.deadLetters()).map(deadLetterView) }),
          'POST /api/admin/dead-letters/:id/retry': async ({ params }) => ((await bus.retryDead(params.id)) ? ok(null) : gone),
          'DELETE /api/admin/dead-letters/:id': async ({ params }) => ((await bus.discardDead(params.id)) ? ok(null) : gone),
        },
        start: judges.start,
        stop: async () => {
          for (const end of reports) end()
          await judges.stop()
        },
      }
    },
  })

const worst = (checks: readonly Check[]): Readiness['status'] => (checks.every((check) => check.ok) ? 'ok' : 'degraded')

/** Down: submissions cannot be stored. Degraded: they are stored but something else, the judge included, is not well. */
async function readinessOf({ bus, log }: Pick<Deps, 'bus' | 'log'>, neighbours: Neighbours, workers: number): Promise<Readiness> {
  const byService = await neighbours()
  const checks: Record<string, Check> = {}
  for (const [service, own] of Object.entries(byService))
    for (const [name, { ok, detail }] of Object.entries(own)) checks[`${service}.${name}`] = { ok, ...(detail === undefined ? {} : { detail }) } // no figures: anybody reads this
  checks.judge = workers > 0 ? { ok: true, detail: `${workers} at work` } : { ok: false, detail: 'no worker was heard; submissions wait' }
  try {
    const oldest = Math.max(0, ...(await bus.depth()).map((queue) => queue.oldestWaitingMs))
    checks.queue = oldest < slowQueueMs ? { ok: true } : { ok: false, detail: `the oldest piece of work has waited for ${Math.round(oldest / 1000)} s` }
  } catch (cause) {
    log.warn({ err: cause }, 'the queue does not answer a check')
    checks.queue = { ok: false, detail: 'the queue does not answer' } // anybody reads this, and the cause may name addresses
  }
  const isDown = Object.values(byService.submission ?? { none: { ok: false } }).some((check) => !check.ok)
  return { status: isDown ? 'down' : worst(Object.values(checks)), checks }
}

/** Of the whole deployment, as this replica hears it: take the greatest of several. */
function judgesNow(living: readonly HeardJudge[]): Readings {
  const workers = (sandbox: string) => living.filter(({ status }) => (status.sandbox ?? 'none') === sandbox).length
  const sum = (count: (status: HeardJudge['status']) => number | undefined) => living.reduce((total, { status }) => total + (count(status) ?? 0), 0)
  return {
    arena_judges: ['native', 'docker', 'none'].map((sandbox) => ({ labels: { sandbox }, value: workers(sandbox) })),
    arena_judge_slots: [
      { labels: { state: 'all' }, value: sum(({ slots }) => slots) },
      { labels: { state: 'busy' }, value: sum(({ atWork }) => atWork) },
    ],
  }
}

function queuesNow(queues: Awaited<ReturnType<Deps['bus']['depth']>>): Readings {
  return {
    arena_queue_messages: queues.flatMap(({ queue, waiting, leased, dead }) =>
      Object.entries({ waiting, leased, dead }).map(([state, value]) => ({ labels: { queue, state }, value })),
    ),
    arena_queue_oldest_seconds: queues.map(({ queue, oldestWaitingMs }) => ({ labels: { queue }, value: oldestWaitingMs / 1000 })),
  }
}

/** Names and ids only: a payload may hold a pupil's source. */
function deadLetterView(letter: DeadLetter) {
  const payload = (typeof letter.envelope.payload === 'object' ? letter.envelope.payload : null) as Record<string, unknown> | null
  const summary = Object.fromEntries(Object.entries(payload ?? {}).filter(([name]) => /Id$|^attempt$|^kind$|^lane$|^language$/.test(name)))
  return { id: letter.id, queue: letter.queue, topic: letter.envelope.topic, attempts: letter.attempts, reason: letter.reason, diedAt: letter.diedAt, summary }
}
