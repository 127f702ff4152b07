/**
 * What a contest asks of the arena, second by second. Shapes are rates over time; arrivals are drawn from them by chance with a seed. Times in seconds
 * from the contest's start. Pure.
 */
import type { Jobs } from './queue.ts'
import { openRandom, type Random } from './random.ts'

/** Lanes of the judge in the order they are taken (quiz answers have slots of their own and are so cheap that they are not simulated here). */
export const lanes = ['contest', 'practice', 'run'] as const
export type Lane = (typeof lanes)[number]

/** So many arrivals, spread evenly over a stretch of time. */
export type Stretch = { readonly from: number; readonly to: number; readonly count: number }

/** How the submissions of a contest lie in its time. */
export type Shape = {
  readonly seconds: number
  /** Programs that each participant hands in, on average. */
  readonly submissionsEach: number
  /** Inputs tried for each program that is handed in. */
  readonly runsEach: number
  /** Share of all that comes in the last five minutes. */
  readonly lastFiveMinutes: number
  /** Nobody hands in during the first so many seconds: they read. */
  readonly readingSeconds: number
}

export const burstSeconds = 300

/** A quiet beginning, an even middle, and everybody at the end. The burst itself doubles towards its last minute. */
export function submissionsOf(shape: Shape, participants: number): Stretch[] {
  const all = participants * shape.submissionsEach
  const burst = all * shape.lastFiveMinutes
  const end = shape.seconds
  return [
    { from: shape.readingSeconds, to: end - burstSeconds, count: all - burst },
    { from: end - burstSeconds, to: end - 60, count: burst * (2 / 3) },
    { from: end - 60, to: end, count: burst / 3 },
  ]
}

/** Everybody opens the page within a minute of the start. */
export const pagesOf = (participants: number): Stretch[] => [{ from: 0, to: 60, count: participants }]
/** Sockets that were cut off at once come back after a delay that each draws for itself. */
export const reconnectsOf = (sockets: number, jitterSeconds: number): Stretch[] => [{ from: 0, to: jitterSeconds, count: sockets }]

/** Arrivals a second in the busiest of the stretches, where they do not overlap. */
export const peakRate = (stretches: readonly Stretch[]): number => Math.max(0, ...stretches.map(({ from, to, count }) => count / (to - from)))

/** Moments of arrival, in order: each stretch is a Poisson process, so gaps are exponential and totals vary. */
export function draw(stretches: readonly Stretch[], random: Random): Float64Array {
  const moments: number[] = []
  for (const { from, to, count } of stretches) {
    const meanGap = (to - from) / count
    for (let at = from + random.exponential(meanGap); at < to; at += random.exponential(meanGap)) moments.push(at)
  }
  return Float64Array.from(moments).sort()
}

/** What a program costs a slot. */
export type Kind = {
  readonly name: string
  /** Share of submissions. */
  readonly share: number
  readonly meanSeconds: number
  /** Standard deviation over mean. */
  readonly variation: number
  /** No job takes longer: the limits of problems see to it. */
  readonly mostSeconds: number
}

export type Stream = { readonly lane: Lane; readonly stretches: readonly Stretch[]; readonly kinds: readonly Kind[] }

/** All streams together, in order of arrival. The same seed gives the same jobs. */
export function jobsOf(streams: readonly Stream[], seed: number): Jobs {
  const random = openRandom(seed)
  const drawn = streams.map(({ lane, stretches, kinds }) => {
    const moments = draw(stretches, random)
    return { lane: lanes.indexOf(lane), moments, costs: moments.map(() => costOf(kinds, random)) }
  })
  const count = drawn.reduce((sum, { moments }) => sum + moments.length, 0)
  const jobs = { count, arrivesAt: new Float64Array(count), serviceSeconds: new Float64Array(count), lane: new Uint8Array(count) }
  const heads = drawn.map(() => 0)
  for (let job = 0; job < count; job++) {
    let first = -1
    let soonest = Number.POSITIVE_INFINITY
    for (const [at, { moments }] of drawn.entries()) {
      const moment = moments[heads[at] as number] ?? Number.POSITIVE_INFINITY
      if (moment < soonest) [first, soonest] = [at, moment]
    }
    const stream = drawn[first] as (typeof drawn)[number]
    jobs.arrivesAt[job] = soonest
    jobs.serviceSeconds[job] = stream.costs[heads[first] as number] as number
    jobs.lane[job] = stream.lane
    heads[first] = (heads[first] as number) + 1
  }
  return jobs
}

function costOf(kinds: readonly Kind[], random: Random): number {
  let left = random.uniform() * kinds.reduce((sum, { share }) => sum + share, 0)
  for (const kind of kinds) {
    left -= kind.share
    if (left < 0) return Math.min(kind.mostSeconds, random.logNormal(kind.meanSeconds, kind.variation))
  }
  throw new Error('a share of nothing: there is no kind of program')
}
