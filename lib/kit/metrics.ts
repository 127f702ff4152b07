/**
 * What the arena counts, so that "why is this one waiting" has an answer (docs/observability.md goes through it metric by metric).
 *
 * Bounded by construction: labels are names of services, routes as the contract writes them, queues, lanes, stages, judge images, never an id, an address or
 * a language of a user's choice. And no verdict is counted: where one contest runs, a count of accepted programs tells what its frozen board hides.
 *
 * Off (the default), every call is an empty function.
 */
export const stages = ['accept', 'outbox', 'fetch', 'sandbox', 'compile', 'tests', 'compare', 'store', 'whole', 'push'] as const
export type Stage = (typeof stages)[number]

type Spec = { readonly type: 'counter' | 'histogram' | 'gauge'; readonly labels: readonly string[]; readonly help: string }
const counter = <const L extends readonly string[]>(help: string, labels: L) => ({ type: 'counter' as const, labels, help })
const histogram = <const L extends readonly string[]>(help: string, labels: L) => ({ type: 'histogram' as const, labels, help })
const gauge = <const L extends readonly string[]>(help: string, labels: L) => ({ type: 'gauge' as const, labels, help })

export const metricTable = {
  arena_http_requests_total: counter('Answered requests', ['service', 'route', 'status']),
  arena_http_request_seconds: histogram('From the request to the last byte of its answer', ['service', 'route']),

  arena_stage_seconds: histogram('Parts of the way of a submission', ['stage']),
  arena_oldest_unjudged_seconds: gauge('Age of the oldest submission or run without a result; 0 when there is none', ['lane']),
  arena_unjudged: gauge('Submissions and runs without a result', ['lane']),
  arena_judgings_total: counter('Jobs whose end a worker has told: judged, or a fault and whose', ['lane', 'end']),

  arena_queue_messages: gauge('Messages that wait, are at work, are dead', ['queue', 'state']),
  arena_queue_oldest_seconds: gauge('How long the oldest waiting message has waited', ['queue']),
  arena_queue_wait_seconds: histogram('From the event to its first delivery: outbox and queue together', ['queue']),
  arena_handling_seconds: histogram('What a handler took for one delivery', ['queue', 'end']),
  arena_redeliveries_total: counter('Deliveries beyond the first: a handler failed or a worker died', ['queue']),
  arena_consumer_poll_age_seconds: gauge('Since a consumer last heard from its queue', ['queue']),

  arena_outbox_unpublished: gauge('Events that are committed and not yet on the bus', ['service']),
  arena_outbox_oldest_seconds: gauge('Age of the oldest of them; 0 when there is none', ['service']),

  arena_judges: gauge('Workers heard in the last 15 s, by what they run programs in', ['sandbox']),
  arena_judge_slots: gauge('Programs these workers judge at once at most, and now', ['state']),
  arena_warm_boxes: gauge('Containers that wait for a submission', ['image']),

  arena_sockets: gauge('Open sockets of this replica', []),
  arena_mails_waiting: gauge('Mails that wait or are on their way', []),
  arena_mails_total: counter('Mails by what became of them: sent, given-up, in-doubt, not-wanted', ['end']),
  arena_boards_unpushed: gauge('Boards whose newest public revision was not pushed', []),
  arena_board_revision_lag: gauge('Most public revisions that a board is ahead of what was pushed', []),

  arena_db_connections: gauge('Connections of a service to its database', ['service', 'state']),
  arena_db_waiting: gauge('Statements that wait for a connection', ['service']),

  arena_metrics_failed_total: counter('Readings that could not be taken within 2 s', []),
} as const satisfies Record<string, Spec>

type Table = typeof metricTable
export type MetricName = keyof Table
type NameOf<T extends Spec['type']> = { [N in MetricName]: Table[N]['type'] extends T ? N : never }[MetricName]
export type Labels<N extends MetricName> = { readonly [L in Table[N]['labels'][number]]: L extends 'stage' ? Stage : string }
export type Reading<N extends MetricName> = { readonly labels: Labels<N>; readonly value: number }
export type Readings = { readonly [N in NameOf<'gauge'>]?: readonly Reading<N>[] }

export type Metrics = {
  add<N extends NameOf<'counter'>>(name: N, labels: Labels<N>, count?: number): void
  /** What took `ms` milliseconds; less than nothing (clocks of two machines) counts as nothing. */
  observe<N extends NameOf<'histogram'>>(name: N, labels: Labels<N>, ms: number): void
  /** `read` is asked at each scrape; one that fails or takes over 2 s is left out of it. @returns stops asking. */
  report(read: () => Readings | Promise<Readings>): () => void
}

const nothing = () => undefined
export const noMetrics: Metrics = { add: nothing, observe: nothing, report: () => nothing }
