/** One fault, from the blow until what was struck is there again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { crashAt, type Scene } from './crash-points.ts'
import type { Victim } from './ground.ts'
import { type Fault, tellFault } from './plan.ts'
import { putToWork } from './takeover.ts'

export type Struck = {
  readonly fault: string
  readonly after: number
  /** Accepted when it was struck in fact. */
  readonly accepted: number
  /** From the blow until what was struck was there again. */
  readonly tookMs: number
  /** Of a crash point: whether the submission was seen there. */
  readonly isSeen?: boolean
  /** Of a worker: for each program that it had at work, how long until that was at work again. */
  readonly restartedMs?: readonly number[]
}

/** Any worker's work is another's after this, milliseconds. */
const leaseMs = 8_000

/** @param at the number of the fault in its plan. */
export async function strike(fault: Fault, at: number, scene: Scene): Promise<Struck> {
  const accepted = scene.ledger.accepted.length
  const work = losesItsWork(fault, scene) ? await putToWork(scene, `work-${at}`) : undefined
  const struckAt = performance.now()
  const inflicted = inflict(fault, at, scene)
  const restartedMs = await work?.restartedMs(struckAt)
  const isSeen = await inflicted
  return {
    fault: tellFault(fault),
    after: fault.after,
    accepted,
    tookMs: Math.round(performance.now() - struckAt),
    ...(isSeen === undefined ? {} : { isSeen }),
    ...(restartedMs === undefined ? {} : { restartedMs }),
  }
}

/** Killed, or silent for so long that another takes over. */
function losesItsWork(fault: Fault, { ground: { targets } }: Scene): boolean {
  if (!targets.workers.includes(fault.target)) return false
  return fault.kind === 'kill' || (fault.kind === 'pause' && fault.forMs > leaseMs && targets.workers.length > 1)
}

/** @returns of a crash point, whether the submission was seen there. */
async function inflict(fault: Fault, at: number, scene: Scene): Promise<boolean | undefined> {
  const { victims, links, emptied } = scene.ground
  switch (fault.kind) {
    case 'kill':
      await named(victims, fault.target).kill()
      return void (await named(victims, fault.target).revive())
    case 'restart':
      await inOrder(named(victims, fault.target))
      return void (await named(victims, fault.target).revive())
    case 'pause': {
      const goOn = named(victims, fault.target).pause()
      await sleep(fault.forMs)
      return void goOn()
    }
    case 'reset':
      return void (await named(links, fault.target)())
    case 'empty':
      return void (await named(emptied, fault.target)())
    case 'crash':
      return crashAt(fault.target, `crash-${at}`, scene)
  }
}

function named<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name]
  if (found === undefined) throw new Error(`there is no ${name} to strike`)
  return found
}

async function inOrder({ end }: Victim): Promise<void> {
  if (end === undefined) throw new Error('this cannot be ended in order')
  await end()
}
