import type { Bus, ConsumeOptions, Consumer } from '#ports/bus'
import type { Clock } from '#ports/clock'

/**
 * Whether a process gets on with its work, for whoever starts it again when it does not. That it answers at all proves that its event loop turns; this
 * adds that each consumer goes on asking its queues and each outbox goes on being swept.
 *
 * A server that is down is no reason to start a process again: a consumer that hears nothing counts as stuck after `quietMs` only while the bus answers
 * somebody else here; without an answer only after `cutOffMs`, which mends a connection that is dead without knowing it. A consumer with all its slots
 * at work asks for nothing and is well for `busyMs`: the longest judging is far shorter.
 */
export type Progress = {
  /** The bus as it was given, its consumers watched until they are stopped. */
  readonly bus: Bus
  /** `sweptAt`: when the outbox's sweep last came round, in vain or not (epoch ms). */
  watchSweep(name: string, sweptAt: () => number): void
  /** What stands still, by name; nothing in good days. */
  stalled(): Promise<readonly string[]>
}

export const progressLimits = { quietMs: 30_000, cutOffMs: 300_000, busyMs: 1_800_000, answerMs: 2_000 } as const

type Watched = { readonly name: string; readonly slots: number; readonly lastPollAt: () => number; atWork: number; lastEndAt: number }

export function watchProgress(bus: Bus, clock: Clock): Progress {
  const consumers = new Set<Watched>()
  const sweeps = new Map<string, () => number>()

  const consume = async (options: ConsumeOptions): Promise<Consumer> => {
    const started = clock.now()
    let consumer: Consumer | undefined
    const watched: Watched = {
      name: options.queues.join(' '),
      slots: options.concurrency ?? 1,
      lastPollAt: () => consumer?.lastPollAt ?? started,
      atWork: 0,
      lastEndAt: started,
    }
    consumer = await bus.consume({
      ...options,
      handle: async (delivery) => {
        watched.atWork += 1
        try {
          await options.handle(delivery)
        } finally {
          watched.atWork -= 1
          watched.lastEndAt = clock.now()
        }
      },
    })
    consumers.add(watched)
    return {
      stop(grace) {
        consumers.delete(watched)
        return consumer.stop(grace)
      },
      get lastPollAt() {
        return consumer.lastPollAt
      },
    }
  }
  const isQuiet = (each: Watched, limitMs: number) => clock.now() - Math.max(each.lastPollAt(), each.lastEndAt) > limitMs

  return {
    bus: { ...bus, consume },
    watchSweep: (name, sweptAt) => void sweeps.set(name, sweptAt),
    async stalled() {
      const { quietMs, cutOffMs, busyMs } = progressLimits
      const [busy, idle] = [[...consumers].filter((each) => each.atWork >= each.slots), [...consumers].filter((each) => each.atWork < each.slots)]
      const quiet = idle.filter((each) => isQuiet(each, quietMs))
      const stuck = quiet.length > 0 && (await answers(bus)) ? quiet : idle.filter((each) => isQuiet(each, cutOffMs))
      const unswept = [...sweeps].filter(([, sweptAt]) => clock.now() - sweptAt() > quietMs)
      return [...busy.filter((each) => isQuiet(each, busyMs)), ...stuck]
        .map((each) => `consumer ${each.name}`)
        .concat(unswept.map(([name]) => `outbox ${name}`))
    },
  }
}

async function answers(bus: Bus): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), progressLimits.answerMs).unref())
  return Promise.race([
    late,
    bus.depth().then(
      () => true,
      () => false,
    ),
  ])
}
