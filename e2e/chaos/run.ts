/**
 * One run of chaos: an arena, pupils who hand in, faults dealt from a seed and struck at counts of accepted submissions, and then everything that was promised.
 * The gate keeps load beside each fault: nobody hands in far ahead of the fault that comes next.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ArenaClient } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { seeded } from '#testkit/harsh-bus'
import { aPlusB, gravity, minutesFromNow, whichPlanet } from '../problems.ts'
import type { Scene } from './crash-points.ts'
import type { Ground, Size } from './ground.ts'
import { type Fault, planFaults, tellFault } from './plan.ts'
import { askPromises, type Kept } from './promises.ts'
import { emptyLedger, enrol, type Ledger, openGate, openLogin, type Pupil } from './pupils.ts'
import type { Contest } from './replay.ts'
import { type Struck, strike } from './strike.ts'
import { type Place, planWork } from './work.ts'

export type ChaosOptions = {
  readonly seed: number
  readonly faults: number
  readonly submissions: number
  /** A dead worker's work must be at work again within this. */
  readonly restartsWithinMs: number
  readonly tell: (line: string) => void
}
export type Outcome = {
  readonly size: Size
  readonly seed: number
  readonly plan: readonly Fault[]
  readonly struck: readonly Struck[]
  readonly submissions: number
  readonly accepted: number
  readonly tookSeconds: number
  /** What came instead of a 202, and how often. */
  readonly refusals: Readonly<Record<string, number>>
  readonly promises: readonly Kept[]
}

const pupilCount = 16
const points = { choice: 10, numeric: 20, program: 30 }
const problemsOf = (ids: Place['problems']) =>
  (['choice', 'numeric', 'program'] as const).map((kind) => ({ problemId: ids[kind], points: points[kind], maxAttempts: 1_000 }))

/** Runs on a fresh arena, and stops it. @throws only for what the harness itself could not do. */
export async function runChaos(ground: Ground, options: ChaosOptions): Promise<Outcome> {
  const startedAt = performance.now()
  const random = seeded(options.seed)
  const plan = planFaults({ targets: ground.targets, faults: options.faults, submissions: options.submissions, random })
  const ledger = emptyLedger()
  let pupils: readonly Pupil[] = []
  try {
    const school = await openSchool(ground, ledger)
    pupils = school.pupils
    const struck = await handInUnderFaults({ ground, ledger, ...school }, plan, options, random)
    await eventually(openLogin(ground.url, school.admin), 60_000) // tokens last ten minutes
    const kept = await askPromises({ ground, ledger, ...school })
    const handled = { size: ground.size, seed: options.seed, plan, struck, submissions: options.submissions, accepted: ledger.accepted.length }
    for (const { listener } of pupils) listener.stop()
    await ground.stop()
    return {
      ...handled,
      tookSeconds: Math.round((performance.now() - startedAt) / 1_000),
      refusals: Object.fromEntries(ledger.refusals),
      promises: [...kept, restartsInTime(struck, options.restartsWithinMs), await nothingIsLeft(ground)],
    }
  } catch (cause) {
    throw new Error(`the run could not go on, with ${ledger.accepted.length} accepted; the arena said\n${ground.log().slice(-6_000)}`, { cause })
  } finally {
    for (const { listener } of pupils) listener.stop()
    await ground.stop()
  }
}

type School = { readonly admin: ArenaClient; readonly pupils: readonly Pupil[]; readonly places: readonly Place[]; readonly contests: readonly Contest[] }

/** Three contests, and pupils who are in all of them; the last of them hands in what the faults need. */
async function openSchool(ground: Ground, ledger: Ledger): Promise<School> {
  const teacher = await ground.as('teacher')
  const problems = {
    choice: await teacher.createProblem(whichPlanet),
    numeric: await teacher.createProblem(gravity),
    program: await teacher.createProblem(aPlusB),
  }
  const window = { timing: 'window', startsAt: minutesFromNow(-2), endsAt: minutesFromNow(600) } as const
  const contests = [
    await teacher.createContest({ title: 'Points', problems: problemsOf(problems) }),
    await teacher.createContest({ title: 'ICPC', format: 'icpc', ...window, problems: problemsOf(problems) }),
    await teacher.createContest({ title: 'More points', ...window, problems: problemsOf(problems) }),
  ]
  const pupils = await Promise.all(
    Array.from({ length: pupilCount + 1 }, () =>
      enrol(
        ground.url,
        contests.map(({ id }) => id),
        ledger,
      ),
    ),
  )
  return {
    admin: await ground.as('admin'),
    pupils,
    places: contests.map(({ id }) => ({ contestId: id, problems })),
    contests: contests.map(({ id, format, startsAt }) => ({
      id,
      format,
      startsAt: startsAt ? new Date(startsAt) : undefined,
      problems: new Map(problemsOf(problems).map((problem) => [problem.problemId, problem.points])),
    })),
  }
}

type Running = School & Pick<Scene, 'ground' | 'ledger'>

async function handInUnderFaults({ ground, ledger, pupils, places }: Running, plan: readonly Fault[], options: ChaosOptions, random: () => number) {
  const gate = openGate()
  const failed = new AbortController()
  const works = Array.from({ length: options.submissions }, (_, at) => planWork(random, places, `load-${at}`))
  const [prober, ...handing] = pupils as readonly [Pupil, ...Pupil[]]
  let loaded = 0
  /** Each next one by whoever is free first: a pupil who waits holds nobody up. */
  const loading = handing.map(async (pupil) => {
    for (let work = works.shift(); work !== undefined && !failed.signal.aborted; work = works.shift()) {
      await gate.pass()
      await pupil.handIn(work)
      loaded += 1
    }
  })
  const spare = Math.ceil(options.submissions / (plan.length + 1)) + handing.length
  const scene = { ground, ledger, prober, place: places[0] as Place }
  const striking = (async () => {
    const struck: Struck[] = []
    for (const [at, fault] of plan.entries()) {
      gate.raise(fault.after + spare)
      while (loaded < fault.after && !failed.signal.aborted) await sleep(5)
      failed.signal.throwIfAborted()
      await sleep(random() * 100) // lands inside of what is at work, not at its edge
      const done = await strike(fault, at, scene)
      struck.push(done)
      options.tell(`${String(at + 1).padStart(4)} ${String(done.accepted).padStart(6)} accepted  ${tellFault(fault)}  ${done.tookMs} ms${tellMore(done)}`)
    }
    gate.raise(Number.POSITIVE_INFINITY)
    return struck
  })()
  try {
    const [struck] = await Promise.all([striking, ...loading])
    return struck
  } catch (cause) {
    failed.abort(cause)
    gate.raise(Number.POSITIVE_INFINITY)
    throw cause
  }
}

const tellMore = ({ isSeen, restartedMs }: Struck) =>
  `${isSeen === undefined ? '' : isSeen ? ', seen there' : ', not seen there'}${restartedMs?.length ? `, at work again after ${restartedMs.join(', ')} ms` : ''}`

function restartsInTime(struck: readonly Struck[], withinMs: number): Kept {
  const samples = struck.flatMap(({ restartedMs = [] }) => restartedMs).sort((a, b) => a - b)
  const [median, longest] = [samples[Math.floor(samples.length / 2)], samples.at(-1)]
  return {
    promise: `a dead worker's work is at work again within ${withinMs / 1_000} s`,
    holds: longest === undefined || longest <= withinMs,
    detail: `${samples.length} programs; median ${median ?? '–'} ms, longest ${longest ?? '–'} ms`,
  }
}

async function nothingIsLeft(ground: Ground): Promise<Kept> {
  const promise = 'nothing is left: no process, control group, mount or folder'
  const left = await eventually(() => {
    const remains = ground.remains()
    if (remains.length > 0) throw new Error(remains.join('\n'))
  }, 30_000).then(
    () => '',
    (cause: Error) => cause.message,
  )
  return { promise, holds: left === '', detail: left }
}
