/**
 * A discrete-event simulation of the judge: jobs of several lanes wait for slots. A free slot takes the oldest job of the first lane that has one; a job
 * that runs is not interrupted. Slots may be added and taken away while it runs, by a rule that sees what an autoscaler sees. All times in seconds. Pure.
 */

/** Jobs in the order of their arrival, as columns: a million of them are nothing. */
export type Jobs = {
  readonly count: number
  readonly arrivesAt: Float64Array
  readonly serviceSeconds: Float64Array
  /** Index of the lane; 0 is taken first. */
  readonly lane: Uint8Array
}

export type Scaling = {
  readonly everySeconds: number
  /** From the decision to the first job a new slot takes. */
  readonly bootSeconds: number
  /** @returns the slots there should be. Sees the age of the oldest waiting job and the slots that are there or on their way. */
  readonly decide: (oldestSeconds: number, slots: number) => number
}

export type SimulationOptions = {
  readonly lanes: number
  readonly slots: number
  /** A lane may hold at most so many slots at once (lane `run` leaves one to submissions). Undefined: all. */
  readonly mostSlots?: Readonly<Record<number, number>>
  readonly scaling?: Scaling
}

export type Outcome = {
  /** Per job. */
  readonly startsAt: Float64Array
  readonly endsAt: number
  /** Sum of the slots' time at work. */
  readonly busySeconds: number
  /** Sum of the slots' time, at work or not. */
  readonly paidSeconds: number
  readonly mostSlots: number
  readonly longestQueue: number
}

/** A queue of indices that is only ever added to at one end and taken from at the other. */
class Line {
  readonly #items: number[] = []
  #head = 0
  get length() {
    return this.#items.length - this.#head
  }
  get first() {
    return this.#items[this.#head]
  }
  push(item: number) {
    this.#items.push(item)
  }
  shift(): number {
    const item = this.#items[this.#head] as number
    this.#head += 1
    return item
  }
}

/** Ends of running jobs, the soonest first: a binary heap of (time, lane). */
class Ends {
  readonly #at: number[] = []
  readonly #lane: number[] = []
  get length() {
    return this.#at.length
  }
  get soonest() {
    return this.#at[0] ?? Number.POSITIVE_INFINITY
  }
  push(at: number, lane: number) {
    let child = this.#at.length
    for (let parent = (child - 1) >> 1; child > 0 && (this.#at[parent] as number) > at; parent = (child - 1) >> 1) {
      this.#move(parent, child)
      child = parent
    }
    this.#at[child] = at
    this.#lane[child] = lane
  }
  /** @returns the lane of the soonest, which is gone then. */
  pop(): number {
    const lane = this.#lane[0] as number
    const at = this.#at.pop() as number
    const last = this.#lane.pop() as number
    const size = this.#at.length
    let parent = 0
    while (size > 0) {
      let child = 2 * parent + 1
      if (child + 1 < size && (this.#at[child + 1] as number) < (this.#at[child] as number)) child += 1
      if (child >= size || (this.#at[child] as number) >= at) break
      this.#move(child, parent)
      parent = child
    }
    if (size > 0) {
      this.#at[parent] = at
      this.#lane[parent] = last
    }
    return lane
  }
  #move(from: number, to: number) {
    this.#at[to] = this.#at[from] as number
    this.#lane[to] = this.#lane[from] as number
  }
}

/** Runs until the last job has ended. @throws RangeError when a lane could never be served. */
export function simulate(jobs: Jobs, options: SimulationOptions): Outcome {
  const { lanes, scaling } = options
  if (!(options.slots >= 1) || Object.values(options.mostSlots ?? {}).some((most) => !(most >= 1))) throw new RangeError('every lane needs a slot')
  const lines = Array.from({ length: lanes }, () => new Line())
  const running = new Uint32Array(lanes)
  const ends = new Ends()
  const startsAt = new Float64Array(jobs.count).fill(Number.NaN)
  const coming: { readonly at: number; readonly slots: number }[] = []
  const sums = { busy: 0, paid: 0, mostSlots: options.slots, longestQueue: 0 }
  let slots = options.slots
  let waiting = 0
  let next = 0
  let now = 0
  let looksAt = scaling ? 0 : Number.POSITIVE_INFINITY

  const start = () => {
    for (let lane = 0; lane < lanes && ends.length < slots; lane++) {
      const line = lines[lane] as Line
      const most = options.mostSlots?.[lane] ?? Number.POSITIVE_INFINITY
      while (line.length > 0 && ends.length < slots && (running[lane] as number) < most) {
        const job = line.shift()
        const service = jobs.serviceSeconds[job] as number
        startsAt[job] = now
        ends.push(now + service, lane)
        running[lane] = (running[lane] as number) + 1
        sums.busy += service
        waiting -= 1
      }
    }
  }
  const look = (rule: Scaling) => {
    const oldest = lines.reduce((age, line) => (line.first === undefined ? age : Math.max(age, now - (jobs.arrivesAt[line.first] as number))), 0)
    const expected = slots + coming.reduce((sum, each) => sum + each.slots, 0)
    const wanted = Math.max(1, rule.decide(oldest, expected))
    if (wanted > expected) coming.push({ at: now + rule.bootSeconds, slots: wanted - expected })
    // a slot at work is let finish; one that is still on its way is not called back
    if (wanted < expected) slots = Math.max(1, slots - Math.min(expected - wanted, slots))
    looksAt = now + rule.everySeconds
  }

  while (next < jobs.count || ends.length > 0 || waiting > 0) {
    const arrival = next < jobs.count ? (jobs.arrivesAt[next] as number) : Number.POSITIVE_INFINITY
    const at = Math.min(arrival, ends.soonest, looksAt, coming[0]?.at ?? Number.POSITIVE_INFINITY)
    sums.paid += (at - now) * Math.max(slots, ends.length)
    now = at
    // all that happens at this moment, before anything starts: whoever came first in name only has no advantage
    while (ends.soonest === now) {
      const lane = ends.pop()
      running[lane] = (running[lane] as number) - 1
    }
    while (next < jobs.count && jobs.arrivesAt[next] === now) {
      lines[jobs.lane[next] as number]?.push(next)
      next += 1
      waiting += 1
    }
    while (coming[0]?.at === now) slots += coming.shift()?.slots ?? 0
    sums.mostSlots = Math.max(sums.mostSlots, slots)
    start()
    if (scaling && looksAt === now) look(scaling)
    sums.longestQueue = Math.max(sums.longestQueue, waiting)
  }
  return { startsAt, endsAt: now, busySeconds: sums.busy, paidSeconds: sums.paid, mostSlots: sums.mostSlots, longestQueue: sums.longestQueue }
}

export type Waits = { readonly jobs: number; readonly p50: number; readonly p95: number; readonly p99: number; readonly most: number; readonly mean: number }

/** From arrival to a slot, in seconds, of the jobs of one lane that arrived from `from` on. Zeros when there was none. */
export function waitsOf(jobs: Jobs, { startsAt }: Outcome, lane: number, from = 0): Waits {
  const waits = new Float64Array(jobs.count)
  let count = 0
  let sum = 0
  for (let job = 0; job < jobs.count; job++) {
    if (jobs.lane[job] !== lane || (jobs.arrivesAt[job] as number) < from) continue
    const wait = (startsAt[job] as number) - (jobs.arrivesAt[job] as number)
    waits[count] = wait
    count += 1
    sum += wait
  }
  const sorted = waits.subarray(0, count).sort()
  const at = (share: number) => sorted[Math.min(count - 1, Math.floor(count * share))] ?? 0
  return { jobs: count, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1), mean: count === 0 ? 0 : sum / count }
}

/** Mean wait of an M/M/c queue in seconds: Erlang's C formula. Rates per second. */
export function erlangWait(arrivalRate: number, serviceRate: number, slots: number): number {
  const load = arrivalRate / serviceRate
  if (load >= slots) return Number.POSITIVE_INFINITY
  let inverse = 1 // of Erlang B, by its recursion, which does not overflow
  for (let slot = 1; slot <= slots; slot++) inverse = 1 + (inverse * slot) / load
  const blocking = 1 / inverse
  const mustWait = blocking / (1 - (load / slots) * (1 - blocking))
  return mustWait / (slots * serviceRate - arrivalRate)
}
