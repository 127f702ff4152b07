/** What an operator wants to know of a status at a glance: what needs them, and who waits for the judge and why. */
import type { Lane } from '#contracts/common'
import type { Answer } from '../../lib/api-client.ts'

type Status = Answer<'GET /api/admin/status'>

/** In order of precedence; `quiz` beside them, since it takes no sandbox. */
const lanes: readonly Lane[] = ['quiz', 'contest', 'practice', 'run', 'rejudge']
/** Nothing there; at work; no judge can do it; all slots are taken, by work of lanes that go before or of its own; free slots, so it is taken now. */
export type LaneReason = 'idle' | 'atWork' | 'noJudge' | 'others' | 'full' | 'soon'
type LaneView = { readonly lane: Lane; readonly waiting: number; readonly leased: number; readonly oldestMs: number; readonly reason: LaneReason }

export function lanesOf({ queues, workers }: Pick<Status, 'queues' | 'workers'>): readonly LaneView[] {
  const able = workers.filter(({ sandbox }) => sandbox !== null)
  // a worker of an older version does not tell of its slots: taken as one that is free
  const isFull = able.length > 0 && able.every(({ slots, atWork }) => slots !== undefined && (atWork ?? 0) >= slots)
  const found = lanes.flatMap((lane) => {
    const queue = queues.find((each) => each.queue === `evaluation.${lane}`)
    return queue ? [{ lane, ...queue }] : []
  })
  return found.map(({ lane, waiting, leased, oldestWaitingMs }, at) => {
    const goBefore = found.slice(0, at).some((each) => each.lane !== 'quiz' && each.waiting + each.leased > 0)
    const canBeDone = lane === 'quiz' ? workers.length > 0 : able.length > 0
    return {
      lane,
      waiting,
      leased,
      oldestMs: waiting > 0 ? oldestWaitingMs : 0,
      reason: reasonOf({ waiting, leased, canBeDone, isFull: isFull && lane !== 'quiz', goBefore }),
    }
  })
}

type Facts = { readonly waiting: number; readonly leased: number; readonly canBeDone: boolean; readonly isFull: boolean; readonly goBefore: boolean }

function reasonOf({ waiting, leased, canBeDone, isFull, goBefore }: Facts): LaneReason {
  if (waiting === 0) return leased > 0 ? 'atWork' : 'idle'
  if (!canBeDone) return 'noJudge'
  if (!isFull) return 'soon'
  return goBefore ? 'others' : 'full'
}

/** The gateway calls itself degraded from here on, too. */
const slowMs = 60_000

export type Concern =
  | { readonly what: 'check'; readonly service: string; readonly check: string; readonly detail: string }
  | { readonly what: 'noJudge' }
  | { readonly what: 'noSandbox'; readonly worker: string }
  | { readonly what: 'slow'; readonly queue: string; readonly seconds: number }
  | { readonly what: 'dead'; readonly count: number }

/** All that does not go by itself; empty when there is nothing to do. */
export function concernsOf({ services, queues, workers }: Status): readonly Concern[] {
  const dead = queues.reduce((sum, queue) => sum + queue.dead, 0)
  return [
    ...Object.entries(services).flatMap(([service, { checks }]) =>
      Object.entries(checks).flatMap(([check, { ok, detail = '' }]) => (ok ? [] : [{ what: 'check' as const, service, check, detail }])),
    ),
    ...(workers.length === 0 ? [{ what: 'noJudge' as const }] : []),
    ...workers.flatMap(({ workerId, sandbox }) => (sandbox === null ? [{ what: 'noSandbox' as const, worker: workerId }] : [])),
    ...queues.flatMap(({ queue, waiting, oldestWaitingMs }) =>
      waiting > 0 && oldestWaitingMs >= slowMs ? [{ what: 'slow' as const, queue, seconds: Math.round(oldestWaitingMs / 1000) }] : [],
    ),
    ...(dead > 0 ? [{ what: 'dead' as const, count: dead }] : []),
  ]
}
