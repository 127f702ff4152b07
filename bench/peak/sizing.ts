/** From loads and costs to how much of what is needed. Pure. */
import { burstSeconds, jobsOf, type Kind, lanes, pagesOf, peakRate, reconnectsOf, type Shape, type Stream, type Stretch, submissionsOf } from './load.ts'
import { type Jobs, type Outcome, type Scaling, simulate, type Waits, waitsOf } from './queue.ts'

/** What one replica (a process on a core of its own) does a second when it does nothing else. */
export type Capacities = {
  readonly acceptsPerSecond: number
  readonly boardReadsPerSecond: number
  /** Other requests: a contest, its problems, who I am. */
  readonly readsPerSecond: number
  readonly loginsPerSecond: number
  /** Sockets opened and authenticated. */
  readonly socketsPerSecond: number
  /** Frames written to sockets. */
  readonly framesPerSecond: number
  /** Memory and descriptors, not CPU, bound these. */
  readonly socketsEach: number
  /** Verdicts stored by the submission service, counted by the leaderboard, put into inboxes: each by one replica of each. */
  readonly verdictsPerSecond: number
  /** Facts (something was handed in; something was judged) that one board takes: under one lock, so replicas do not help. */
  readonly factsPerSecond: number
}

export type Plan = {
  readonly shape: Shape
  readonly kinds: readonly Kind[]
  /** An input that is tried costs this. */
  readonly runKinds: readonly Kind[]
  readonly capacities: Capacities
  /** How full a replica may be at the peak. */
  readonly fullness: number
  /** Requests (other than the board's) when the page of a contest opens. */
  readonly requestsPerPage: number
  /** Share that logs in during the ten minutes before the start; the others still are. */
  readonly loginsBefore: number
  /** Sockets that are cut off come back within so many seconds. */
  readonly reconnectJitterSeconds: number
  /** Boards are pushed to all who watch, so often a second at most. */
  readonly pushesPerSecond: number
  /** Share of sockets that watch the board. */
  readonly watchers: number
  /** Wanted: 95 of 100 submissions find a slot within this. */
  readonly p95WaitSeconds: number
}

export type Need = { readonly what: string; readonly perSecond: number; readonly replicas: number }

/** Replicas of each service for its busiest moment. The moments differ: a storm of pages is over when the last five minutes begin. */
export function needsOf(plan: Plan, participants: number): Need[] {
  const { capacities, fullness } = plan
  const need = (what: string, perSecond: number, capacity: number): Need => ({
    what,
    perSecond,
    replicas: Math.max(1, Math.ceil(perSecond / (capacity * fullness))),
  })
  const pages = peakRate(pagesOf(participants))
  const accepts = peakRate(submissionsOf(plan.shape, participants)) * (1 + plan.shape.runsEach)
  const verdicts = peakRate(submissionsOf(plan.shape, participants))
  const sockets = need('notifications: sockets that come back', peakRate(reconnectsOf(participants, plan.reconnectJitterSeconds)), capacities.socketsPerSecond)
  const frames = need('notifications: frames pushed', participants * plan.watchers * plan.pushesPerSecond + verdicts, capacities.framesPerSecond)
  return [
    need('user: logins before the start', (participants * plan.loginsBefore) / 600, capacities.loginsPerSecond),
    need('contest: pages at the start', pages * plan.requestsPerPage, capacities.readsPerSecond),
    need('leaderboard: boards read at the start', pages, capacities.boardReadsPerSecond),
    need('submission: accepts in the last minute', accepts, capacities.acceptsPerSecond),
    need('submission, leaderboard: verdicts in the last minute', verdicts, capacities.verdictsPerSecond),
    sockets,
    frames,
    { what: 'notifications: sockets open', perSecond: 0, replicas: Math.max(1, Math.ceil(participants / capacities.socketsEach)) },
  ]
}

export type BoardLoad = { readonly factsPerSecond: number; readonly fullness: number; readonly mostBehindSeconds: number }

/** The one board of the contest: each submission is two facts. What it cannot take at once waits, and the board is so far behind. */
export function boardLoad(plan: Plan, participants: number): BoardLoad {
  const capacity = plan.capacities.factsPerSecond
  const stretches = submissionsOf(plan.shape, participants)
  let waiting = 0
  let most = 0
  for (const { from, to, count } of stretches) {
    waiting = Math.max(0, waiting + 2 * count - capacity * (to - from))
    most = Math.max(most, waiting)
  }
  const peak = 2 * peakRate(stretches)
  return { factsPerSecond: peak, fullness: peak / capacity, mostBehindSeconds: most / capacity }
}

/** What the judge gets in the last quarter of an hour: before that nothing waits that would be felt at the end. */
export function judgeJobs(plan: Plan, participants: number, seed: number): Jobs {
  const from = plan.shape.seconds - burstSeconds - 600
  const submissions = submissionsOf(plan.shape, participants).map((stretch) => since(stretch, from))
  const runs = submissions.map((stretch) => ({ ...stretch, count: stretch.count * plan.shape.runsEach }))
  const streams: Stream[] = [
    { lane: 'contest', stretches: submissions, kinds: plan.kinds },
    { lane: 'run', stretches: runs, kinds: plan.runKinds },
  ]
  return jobsOf(streams, seed)
}

/** The part of a stretch that is after `from`, which becomes the beginning of time. */
function since({ from, to, count }: Stretch, begin: number): Stretch {
  const kept = Math.max(from, begin)
  return { from: kept - begin, to: to - begin, count: (count * (to - kept)) / (to - from) }
}

export type Judged = {
  readonly outcome: Outcome
  readonly slots: number
  readonly waits: Readonly<Record<'contest' | 'run', Waits>>
  readonly utilisation: number
}

/** `burstFrom`: waits are those of the last five minutes. */
export function judge(jobs: Jobs, slots: number, scaling?: Scaling): Judged {
  const run = lanes.indexOf('run')
  const outcome = simulate(jobs, { lanes: lanes.length, slots, mostSlots: { [run]: Math.max(1, slots - 1) }, ...(scaling ? { scaling } : {}) })
  const waits = { contest: waitsOf(jobs, outcome, 0, 600), run: waitsOf(jobs, outcome, run, 600) }
  return { outcome, slots, waits, utilisation: outcome.busySeconds / outcome.paidSeconds }
}

/** The fewest slots that keep the wait of contest submissions within what is wanted, by halving. */
export function slotsFor(jobs: Jobs, p95WaitSeconds: number): Judged {
  let [few, many] = [1, 2]
  while (judge(jobs, many).waits.contest.p95 > p95WaitSeconds) [few, many] = [many, many * 2]
  while (many - few > Math.max(1, many / 100)) {
    const middle = Math.floor((few + many) / 2)
    if (judge(jobs, middle).waits.contest.p95 > p95WaitSeconds) few = middle
    else many = middle
  }
  return judge(jobs, many)
}
