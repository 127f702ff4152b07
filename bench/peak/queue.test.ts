import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { erlangWait, type Jobs, type SimulationOptions, simulate, waitsOf } from './queue.ts'
import { openRandom } from './random.ts'

type Job = { readonly at: number; readonly service: number; readonly lane: number }
function jobsFrom(list: readonly Job[]): Jobs {
  const sorted = list.toSorted((a, b) => a.at - b.at)
  return {
    count: sorted.length,
    arrivesAt: Float64Array.from(sorted, ({ at }) => at),
    serviceSeconds: Float64Array.from(sorted, ({ service }) => service),
    lane: Uint8Array.from(sorted, ({ lane }) => lane),
  }
}

type Markovian = { readonly count: number; readonly arrivalRate: number; readonly seed: number; readonly lanes?: number }
/** Arrivals and services as in the books: exponential both, a service of one second on average. `lanes` equally likely. */
function markovian({ count, arrivalRate, seed, lanes = 1 }: Markovian): Jobs {
  const random = openRandom(seed)
  let at = 0
  const list = Array.from({ length: count }, () => {
    at += random.exponential(1 / arrivalRate)
    return { at, service: random.exponential(1), lane: Math.floor(random.uniform() * lanes) }
  })
  return jobsFrom(list)
}
const near = (found: number, wanted: number, share: number, what: string) =>
  assert.ok(Math.abs(found - wanted) <= wanted * share, `${what}: ${found} is not within ${share * 100} % of ${wanted}`)

describe('the simulated queue agrees with the theory', () => {
  // rows of published tables: offered load, slots, chance to wait
  for (const [load, slots, chance] of [
    [1, 2, 1 / 3],
    [2, 3, 4 / 9],
    [0.5, 1, 0.5],
  ] as const) {
    it(`Erlang C: ${load} erlang on ${slots} slots wait with chance ${chance.toFixed(3)}`, () => {
      near(erlangWait(load, 1, slots) * (slots - load), chance, 1e-9, 'chance to wait')
    })
  }

  for (const [slots, arrivalRate] of [
    [1, 0.6],
    [4, 3],
    [30, 27],
  ] as const) {
    it(`mean wait with ${slots} slots, ${Math.round((100 * arrivalRate) / slots)} % full, is Erlang's`, () => {
      const jobs = markovian({ count: 400_000, arrivalRate, seed: 7 })
      const { mean } = waitsOf(jobs, simulate(jobs, { lanes: 1, slots }), 0)
      near(mean, erlangWait(arrivalRate, 1, slots), 0.05, 'mean wait')
    })
  }

  it("with two lanes on one slot the mean waits are Cobham's", () => {
    const [rate, each] = [0.8, 0.4]
    const jobs = markovian({ count: 400_000, arrivalRate: rate, seed: 11, lanes: 2 })
    const outcome = simulate(jobs, { lanes: 2, slots: 1 })
    const left = rate // mean rest of the service under way, met by an arrival: load × mean, for exponential services
    near(waitsOf(jobs, outcome, 0).mean, left / (1 - each), 0.05, 'first lane')
    near(waitsOf(jobs, outcome, 1).mean, left / ((1 - each) * (1 - rate)), 0.05, 'second lane')
  })

  it('a queue that gets more than it can do waits without bound', () => {
    assert.equal(erlangWait(2, 1, 2), Number.POSITIVE_INFINITY)
  })
})

/** The same rules, looked for afresh at every event: slow, and plain enough to be believed. */
function naive(jobs: Jobs, { lanes, slots, mostSlots }: SimulationOptions): number[] {
  const startsAt: number[] = Array.from({ length: jobs.count }, () => Number.NaN)
  const end = (job: number) => (startsAt[job] as number) + (jobs.serviceSeconds[job] as number)
  const all = Array.from({ length: jobs.count }, (_, job) => job)
  for (let now = 0; startsAt.some(Number.isNaN); ) {
    for (let lane = 0; lane < lanes; lane++) {
      for (const job of all.filter((each) => jobs.lane[each] === lane && Number.isNaN(startsAt[each]) && (jobs.arrivesAt[each] as number) <= now)) {
        const atWork = all.filter((each) => (startsAt[each] as number) <= now && end(each) > now)
        const ofLane = atWork.filter((each) => jobs.lane[each] === lane)
        if (atWork.length < slots && ofLane.length < (mostSlots?.[lane] ?? slots)) startsAt[job] = now
      }
    }
    const later = [...jobs.arrivesAt, ...all.filter((job) => !Number.isNaN(startsAt[job])).map(end)].filter((moment) => moment > now)
    now = Math.min(...later, Number.POSITIVE_INFINITY)
    if (now === Number.POSITIVE_INFINITY) break
  }
  return startsAt
}

const someJobs = fc.array(fc.record({ at: fc.integer({ min: 0, max: 60 }), service: fc.integer({ min: 1, max: 20 }), lane: fc.integer({ min: 0, max: 2 }) }), {
  maxLength: 40,
})

describe('the simulated queue', () => {
  it('starts every job when the plainest reading of the rules does, equal moments included', () => {
    fc.assert(
      fc.property(someJobs, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (list, slots, most) => {
        const jobs = jobsFrom(list)
        const options = { lanes: 3, slots, mostSlots: { 2: most } }
        assert.deepEqual([...simulate(jobs, options).startsAt], naive(jobs, options))
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('loses no job, and pays for no second twice', () => {
    const jobs = markovian({ count: 20_000, arrivalRate: 9, seed: 3, lanes: 3 })
    const outcome = simulate(jobs, { lanes: 3, slots: 10 })
    let ended = 0
    for (let job = 0; job < jobs.count; job++) {
      assert.ok((outcome.startsAt[job] as number) >= (jobs.arrivesAt[job] as number))
      ended = Math.max(ended, (outcome.startsAt[job] as number) + (jobs.serviceSeconds[job] as number))
    }
    assert.equal(outcome.endsAt, ended)
    near(outcome.paidSeconds, 10 * ended, 1e-9, 'time of the slots')
    near(
      outcome.busySeconds,
      jobs.serviceSeconds.reduce((sum, each) => sum + each, 0),
      1e-9,
      'time at work',
    )
    assert.equal(waitsOf(jobs, outcome, 0).jobs + waitsOf(jobs, outcome, 1).jobs + waitsOf(jobs, outcome, 2).jobs, jobs.count)
  })

  it('answers the same for the same seed, and otherwise for another', () => {
    const starts = (seed: number) => [...simulate(markovian({ count: 2_000, arrivalRate: 3, seed }), { lanes: 1, slots: 4 }).startsAt]
    assert.deepEqual(starts(1), starts(1))
    assert.notDeepEqual(starts(1), starts(2))
  })

  it('gives a slot that was asked for after its boot, and lets a job finish whose slot goes', () => {
    const jobs = jobsFrom([0, 0, 0, 0].map((at) => ({ at, service: 100, lane: 0 })))
    const wanted = [1, 3, 3, 1]
    let looks = 0
    const outcome = simulate(jobs, {
      lanes: 1,
      slots: 1,
      scaling: { everySeconds: 30, bootSeconds: 45, decide: () => wanted[Math.min(looks++, wanted.length - 1)] as number },
    })
    // asked for at 30, there at 75; told to go at 90, at work until 175; the last job then waits for the one slot that is left
    assert.deepEqual([...outcome.startsAt], [0, 75, 75, 175])
    assert.equal(outcome.mostSlots, 3)
  })

  it('refuses what could never end', () => {
    assert.throws(() => simulate(jobsFrom([]), { lanes: 1, slots: 0 }), RangeError)
    assert.throws(() => simulate(jobsFrom([]), { lanes: 2, slots: 1, mostSlots: { 1: 0 } }), RangeError)
  })
})
