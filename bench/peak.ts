/**
 * The peak of a contest on paper: what 10,000, 100,000 and 1,000,000 simultaneous participants need, by simulation from measured costs.
 *
 *   npm run bench -- peak                    one line of JSON for each size, then tables for docs/scale.md
 *   PEAK_PLAN=plan.json npm run bench -- peak   the same with other figures: any part of `standardPlan`, as JSON
 *   PEAK_SEED=2                              another draw of chance
 *
 * Takes about ten seconds and measures nothing itself: the same plan and seed give the same answer on every machine.
 */
import { readFileSync } from 'node:fs'
import { boardLoad, type Judged, judge, judgeJobs, needsOf, type Plan, slotsFor } from './peak/sizing.ts'

/** Measured where docs/scale.md says so; the rest is assumed, and named there as such. */
const standardPlan: Plan = {
  shape: { seconds: 7_200, submissionsEach: 4, runsEach: 1, lastFiveMinutes: 0.2, readingSeconds: 300 },
  kinds: [
    { name: 'python', share: 0.5, meanSeconds: 0.6, variation: 1, mostSeconds: 30 },
    { name: 'cpp', share: 0.35, meanSeconds: 0.6, variation: 0.6, mostSeconds: 30 },
    { name: 'other', share: 0.07, meanSeconds: 1, variation: 0.6, mostSeconds: 30 },
    { name: 'runs into a limit', share: 0.08, meanSeconds: 2.5, variation: 0.3, mostSeconds: 30 },
  ],
  runKinds: [
    { name: 'python', share: 0.6, meanSeconds: 0.1, variation: 1, mostSeconds: 12 },
    { name: 'cpp', share: 0.35, meanSeconds: 0.27, variation: 0.5, mostSeconds: 12 },
    { name: 'runs into a limit', share: 0.05, meanSeconds: 2.2, variation: 0.3, mostSeconds: 12 },
  ],
  capacities: {
    acceptsPerSecond: 2_000,
    boardReadsPerSecond: 9_600,
    readsPerSecond: 2_000,
    loginsPerSecond: 60,
    socketsPerSecond: 2_900,
    framesPerSecond: 40_000,
    socketsEach: 20_000,
    verdictsPerSecond: 1_000,
    factsPerSecond: 3_500,
  },
  fullness: 0.6,
  requestsPerPage: 6,
  loginsBefore: 0.5,
  reconnectJitterSeconds: 10,
  pushesPerSecond: 1,
  watchers: 0.3,
  p95WaitSeconds: 10,
}

const judgeNodeSlots = 15
const bootSeconds = 180
const seconds = (value: number) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en'))
const whole = (value: number) => Math.round(value).toLocaleString('en')

function report(plan: Plan, participants: number, seed: number) {
  const jobs = judgeJobs(plan, participants, seed)
  const sized = slotsFor(jobs, plan.p95WaitSeconds)
  // enough for what comes on average before the burst, as who has never seen one would choose
  const few = Math.max(1, Math.ceil(sized.slots / 4))
  const decide = (oldest: number, slots: number) => Math.min(sized.slots * 2, oldest > 10 ? Math.ceil(slots * Math.min(2, oldest / 10)) : slots)
  const ways: readonly (readonly [string, Judged])[] = [
    ['a quarter of them', judge(jobs, few)],
    [`a quarter, and KEDA with nodes that take ${bootSeconds} s`, judge(jobs, few, { everySeconds: 30, bootSeconds, decide })],
    ['sized for the burst (by the clock, before it)', sized],
    ['one node fewer than that', judge(jobs, Math.max(1, sized.slots - judgeNodeSlots))],
  ]
  const needs = needsOf(plan, participants)
  const perThousand = (sized.slots * 1000) / participants
  console.log(
    JSON.stringify({
      participants,
      seed,
      jobs: jobs.count,
      slots: sized.slots,
      perThousand,
      needs: Object.fromEntries(needs.map(({ what, replicas }) => [what, replicas])),
    }),
  )
  console.log(`\n### ${whole(participants)} participants\n`)
  console.log(
    `Judge slots: ${whole(sized.slots)} (${perThousand.toFixed(1)} for each thousand; ${Math.ceil(sized.slots / judgeNodeSlots)} nodes of ${judgeNodeSlots}).\n`,
  )
  console.log(
    '| judges | slots at most | wait, contest: p50 / p95 / p99 (s) | wait, tried inputs: p95 (s) | longest queue | in use |\n| --- | --- | --- | --- | --- | --- |',
  )
  for (const [way, { outcome, waits, utilisation }] of ways) {
    const { p50, p95, p99 } = waits.contest
    console.log(
      `| ${way} | ${whole(outcome.mostSlots)} | ${seconds(p50)} / ${seconds(p95)} / ${seconds(p99)} | ${seconds(waits.run.p95)} | ${whole(outcome.longestQueue)} | ${Math.round(utilisation * 100)} % |`,
    )
  }
  console.log('\n| busiest moment of | a second | replicas |\n| --- | --- | --- |')
  for (const { what, perSecond, replicas } of needs) console.log(`| ${what} | ${perSecond === 0 ? '–' : whole(perSecond)} | ${replicas} |`)
  const board = boardLoad(plan, participants)
  console.log(
    `\nThe one board: ${whole(board.factsPerSecond)} facts a second, ${Math.round(board.fullness * 100)} % of what it takes; at most ${seconds(board.mostBehindSeconds)} s behind.\n`,
  )
}

const given = process.env.PEAK_PLAN === undefined ? {} : (JSON.parse(readFileSync(process.env.PEAK_PLAN, 'utf8')) as Partial<Plan>)
const plan: Plan = {
  ...standardPlan,
  ...given,
  capacities: { ...standardPlan.capacities, ...given.capacities },
  shape: { ...standardPlan.shape, ...given.shape },
}
for (const participants of [10_000, 100_000, 1_000_000]) report(plan, participants, Number(process.env.PEAK_SEED ?? 1))
