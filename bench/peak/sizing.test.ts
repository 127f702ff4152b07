import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { draw, jobsOf, type Kind, peakRate, type Shape, submissionsOf } from './load.ts'
import { openRandom } from './random.ts'
import { boardLoad, judge, judgeJobs, needsOf, type Plan, slotsFor } from './sizing.ts'

const shape: Shape = { seconds: 7200, submissionsEach: 4, runsEach: 1, lastFiveMinutes: 0.2, readingSeconds: 300 }
const kinds: readonly Kind[] = [{ name: 'any', share: 1, meanSeconds: 0.5, variation: 1, mostSeconds: 10 }]
const plan: Plan = {
  shape,
  kinds,
  runKinds: [{ name: 'any', share: 1, meanSeconds: 0.2, variation: 1, mostSeconds: 10 }],
  capacities: {
    acceptsPerSecond: 1000,
    boardReadsPerSecond: 5000,
    readsPerSecond: 1000,
    loginsPerSecond: 50,
    socketsPerSecond: 500,
    framesPerSecond: 20_000,
    socketsEach: 10_000,
    verdictsPerSecond: 1000,
    factsPerSecond: 500,
  },
  fullness: 0.5,
  requestsPerPage: 6,
  loginsBefore: 0.5,
  reconnectJitterSeconds: 10,
  pushesPerSecond: 1,
  watchers: 0.5,
  p95WaitSeconds: 5,
}

describe('the load of a contest', () => {
  it('is as many submissions as the shape says, and its burst the share it says', () => {
    const stretches = submissionsOf(shape, 1000)
    const count = (from: number) => Math.round(stretches.filter((stretch) => stretch.from >= from).reduce((sum, stretch) => sum + stretch.count, 0))
    assert.equal(count(0), 4000)
    assert.equal(count(shape.seconds - 300), 800)
    assert.equal(Math.round(peakRate(stretches) * 60), 267)
  })

  it('is drawn in order, within its time, and about as much as it should be', () => {
    const moments = draw(submissionsOf(shape, 10_000), openRandom(1))
    assert.deepEqual(moments, moments.toSorted())
    assert.ok((moments[0] as number) >= shape.readingSeconds && (moments.at(-1) as number) < shape.seconds)
    assert.ok(Math.abs(moments.length - 40_000) < 4 * Math.sqrt(40_000), `${moments.length}`)
  })

  it('costs what its kinds cost on average, and never more than their limit', () => {
    const jobs = jobsOf([{ lane: 'contest', stretches: [{ from: 0, to: 1000, count: 100_000 }], kinds }], 3)
    const mean = jobs.serviceSeconds.reduce((sum, each) => sum + each, 0) / jobs.count
    assert.ok(Math.abs(mean - 0.5) < 0.01, `${mean}`)
    assert.ok(jobs.serviceSeconds.every((each) => each > 0 && each <= 10))
  })
})

describe('what a contest needs', () => {
  it('is the rate over what a replica does, no fuller than planned', () => {
    const logins = needsOf(plan, 12_000).find(({ what }) => what.startsWith('user'))
    assert.deepEqual(logins, { what: 'user: logins before the start', perSecond: 10, replicas: 1 })
    const accepts = needsOf(plan, 100_000).find(({ what }) => what.startsWith('submission: accepts'))
    assert.equal(Math.round(accepts?.perSecond ?? 0), 889)
    assert.equal(accepts?.replicas, 2)
  })

  it('a board that gets more than it takes falls behind by what waits', () => {
    const [few, many] = [boardLoad(plan, 10_000), boardLoad(plan, 100_000)]
    assert.deepEqual([Math.round(few.factsPerSecond), few.mostBehindSeconds], [89, 0])
    // of 889 a second in the last minute it takes 500; what waits then is 23,333 facts
    assert.equal(Math.round(many.mostBehindSeconds), 47)
  })

  it('for the judge: so many slots that the wait is what is wanted, and with fewer it is not', () => {
    const jobs = judgeJobs(plan, 5_000, 1)
    const sized = slotsFor(jobs, plan.p95WaitSeconds)
    assert.ok(sized.waits.contest.p95 <= plan.p95WaitSeconds)
    assert.ok(judge(jobs, sized.slots - 1).waits.contest.p95 > plan.p95WaitSeconds)
  })

  it('inputs that are tried wait for submissions, not the other way round', () => {
    const jobs = judgeJobs(plan, 5_000, 1)
    const { waits } = slotsFor(jobs, plan.p95WaitSeconds)
    assert.ok(waits.run.p95 > waits.contest.p95)
  })
})
