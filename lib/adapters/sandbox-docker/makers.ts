import { randomBytes, randomInt } from 'node:crypto'
import { minutes } from '#kernel/units'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import { SandboxFault } from '#ports/sandbox'
import { seccompFilter } from '../runner/seccomp.ts'
import { type Container, startContainer } from './container.ts'
import type { Joint } from './container-config.ts'
import type { Engine } from './engine.ts'
import { chooseUids, isAbandoned, type Me, ownerLabel, uidsLabel, uidsOfOwner } from './owner.ts'

const sweepEvery = minutes(1)

export type MakersOptions = {
  readonly clock: Clock
  readonly log: Log
  readonly runtime?: string | undefined
  readonly owner?: string
}

/** Makes containers of one owner, and removes what nobody owns: when opened, every minute, and when closed. */
export type Makers = {
  make(image: string): Promise<Container & { readonly testUid: number }>
  /** Two that can be joined, started side by side. */
  makePair(image: string, otherImage: string): Promise<ContainerPair>
  readonly owner: string
  readonly hasFilter: boolean
  /** Resolves when all are gone. */
  close(): Promise<void>
}

export type ContainerPair = readonly [Container, Container]

export async function openMakers(engine: Engine, { clock, log, runtime, owner = randomBytes(8).toString('hex') }: MakersOptions): Promise<Makers> {
  const filter = seccompFilter(process.arch)
  if (filter === undefined) log.warn({ arch: process.arch }, 'there is no system call filter of ours for this architecture: the engine’s own is all there is')
  const alive = new Set<string>()
  const [makes, ends] = [new Set<Promise<unknown>>(), new Set<Promise<unknown>>()]
  const sweep = () => removeAbandoned(engine, { owner, isKnown: (id) => alive.has(id), isMaking: makes.size > 0 }, log)
  const firstUid = chooseUids(await sweep(), randomInt(1000))
  const freeUids = Array.from({ length: uidsOfOwner / 2 }, (_, index) => firstUid + 2 * index)
  const sweeping = repeat(clock, () =>
    sweep().catch((error: unknown) => log.debug({ reason: (error as Error).message }, 'left containers were not looked for')),
  )
  let count = 0
  const start = async (image: string, joint?: Joint, onMade?: (id: string) => void) => {
    const testUid = freeUids.shift()
    if (testUid === undefined) throw new SandboxFault('too many containers wait to be removed', 'later')
    try {
      const container = await startContainer({
        engine,
        name: `arena-box-${owner}-${++count}`,
        image,
        labels: { [ownerLabel]: owner, [uidsLabel]: String(firstUid) },
        testUid,
        buildUid: testUid + 1,
        filter,
        runtime,
        joint,
        log,
        onLife(id, isAlive) {
          if (isAlive) onMade?.(id)
          void (isAlive ? alive.add(id) : alive.delete(id))
        },
      })
      void until(container.ended, ends).then(() => freeUids.push(testUid))
      return { ...container, testUid }
    } catch (error) {
      freeUids.push(testUid) // the last in line, so what may be left of it is gone when it is used again
      throw error
    }
  }
  const startPair = async (image: string, otherImage: string): Promise<ContainerPair> => {
    const made = Promise.withResolvers<string>()
    const first = start(image, { kind: 'own' }, made.resolve)
    first.catch(made.reject)
    const second = made.promise.then((container) => start(otherImage, { kind: 'of', container }))
    const started = await Promise.allSettled([first, second])
    if (started.some(({ status }) => status === 'rejected')) for (const each of started) if (each.status === 'fulfilled') each.value.discard()
    return [await first, await second]
  }
  return {
    owner,
    hasFilter: filter !== undefined,
    make: (image) => until(start(image), makes),
    makePair: (image, otherImage) => until(startPair(image, otherImage), makes),
    async close() {
      sweeping.stop()
      await Promise.allSettled(makes)
      await Promise.all(ends)
      await sweep().catch(() => undefined) // what the engine made though it did not say so
    },
  }
}

/** @returns the first uids of those who have containers. */
async function removeAbandoned(engine: Engine, me: Me, log: Log): Promise<ReadonlySet<number>> {
  const { containers, nowSeconds } = await engine.list(ownerLabel)
  const left = containers.filter((each) => isAbandoned(each, me, nowSeconds))
  for (const each of left) await engine.remove(each.id)
  if (left.length > 0) log.info({ containers: left.length }, 'removed containers that nobody owns')
  return new Set(containers.flatMap(({ labels }) => Number(labels[uidsLabel]) || []))
}

/** Keeps it in the set until it has come to an end. */
function until<T>(work: Promise<T>, set: Set<Promise<unknown>>): Promise<T> {
  set.add(work)
  const done = () => void set.delete(work)
  work.then(done, done)
  return work
}

function repeat(clock: Clock, work: () => Promise<unknown>): { stop(): void } {
  let isStopped = false
  let cancel = (): void => undefined
  const again = () => {
    if (isStopped) return
    cancel = clock.after(sweepEvery, () => void work().finally(again))
  }
  again()
  return {
    stop() {
      isStopped = true
      cancel()
    },
  }
}
