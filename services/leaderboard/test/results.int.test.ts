import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestPublished, contestUpdated, registrationChanged } from '#contracts/contest'
import { type JudgedFact, submissionAccepted, submissionJudged } from '#contracts/submission'
import { minutes, ms } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { startService } from '#testkit/service-harness'
import { leaderboardService } from '../src/service.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minute: number) => new Date(Date.parse(startsAt) + minute * 60_000).toISOString()
const clock = fakeClock(at(10))
const harness = await startService(leaderboardService, { clock })
after(() => harness.stop())

const aContest = (more: Partial<ContestSnapshot> = {}): ContestSnapshot => ({
  contestId: v7(),
  revision: 1,
  title: 'Kigali Open',
  subject: 'computer-science',
  format: 'icpc',
  timing: 'window',
  startsAt: new Date(clock.now() - minutes(10)).toISOString(),
  endsAt: new Date(clock.now() + minutes(60)).toISOString(),
  durationMinutes: null,
  freezeAt: new Date(clock.now() + minutes(30)).toISOString(),
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: v7(),
  archived: false,
  deleted: false,
  problems: ['A', 'B'].map((label) => ({ problemId: v7(), version: 1, label, title: label, kind: 'program', points: 100, maxAttempts: null })),
  ...more,
})
async function contestWith(participants: number, more: Partial<ContestSnapshot> = {}) {
  const contest = aContest(more)
  await harness.publish(contestPublished, contest)
  const userIds = Array.from({ length: participants }, () => v7())
  const { contestId, problems } = contest
  for (const userId of userIds) await harness.publish(registrationChanged, { contestId, userId, startedAt: contest.startsAt ?? startsAt, endsAt: null })
  return {
    contest,
    userIds,
    async hand(userId = '', problem = 0) {
      const fact = { submissionId: v7(), userId, contestId, problemId: problems[problem]?.problemId ?? '', submittedAt: new Date(clock.now()).toISOString() }
      await harness.publish(submissionAccepted, fact)
      return (verdict: JudgedFact['verdict']) =>
        harness.publish(submissionJudged, {
          ...fact,
          attempt: 1,
          label: problems[problem]?.label ?? '',
          kind: 'program',
          verdict,
          score: verdict === 'AC' ? 100 : 0,
          judgedAt: fact.submittedAt,
          held: false,
        })
    },
    async results(asked: readonly string[] = userIds) {
      const token = await harness.serviceToken('notifications', 'results:read') // they live for a minute
      return harness.call('POST /internal/results/:contestId', { params: { contestId }, body: { userIds: asked } }, { token })
    },
    /** Moves past the end and until the board has thawed. */
    async end() {
      clock.advance(minutes(61))
      await eventually(async () => {
        clock.advance(ms(1_000))
        assert.deepEqual((await harness.db.query('select phase from contests where contest_id = $1', [contestId])).rows, [{ phase: 'thawed' }])
      })
      clock.advance(ms(1_500))
    },
  }
}

describe('the results of a contest', () => {
  it('are not told before it is over: not while it runs, nor behind its freeze', async () => {
    const { contest, results, hand, userIds } = await contestWith(1)
    await (await hand(userIds[0]))('AC')
    const nothing = { settled: false, format: 'icpc', total: 0, problemCount: 2, rows: [] }
    assert.deepEqual((await results()).body, nothing)
    clock.advance(minutes(40))
    assert.deepEqual((await results()).body, nothing)
    assert.equal(contest.format, 'icpc')
  })
  it('are the thawed board’s, with shared ranks, for those who were asked for and took part', async () => {
    const { results, hand, userIds, end } = await contestWith(4)
    const [ann, bob, eve, dan] = userIds
    await (await hand(ann, 0))('AC')
    await (await hand(ann, 1))('WA')
    await (await hand(bob, 0))('AC')
    await (await hand(eve, 0))('RE')
    await end()
    const answer = await eventually(async () => {
      const given = await results([bob ?? '', ann ?? '', eve ?? '', dan ?? '', v7()])
      assert.equal(given.body.settled, true)
      return given.body
    })
    const penalty = 10
    assert.deepEqual(answer, {
      settled: true,
      format: 'icpc',
      total: 4,
      problemCount: 2,
      rows: [
        { userId: bob, rank: 1, score: 1, penalty, solved: 1, attempted: 1 },
        { userId: ann, rank: 1, score: 1, penalty, solved: 1, attempted: 2 },
        { userId: eve, rank: 3, score: 0, penalty: 0, solved: 0, attempted: 1 },
        { userId: dan, rank: 3, score: 0, penalty: 0, solved: 0, attempted: 0 },
      ],
    })
  })
  it('are not settled while a run of anybody’s has no verdict, and then are', async () => {
    const { results, hand, userIds, end } = await contestWith(2)
    const judge = await hand(userIds[1])
    await end()
    assert.equal((await results(userIds.slice(0, 1))).body.settled, false)
    await judge('AC')
    const { rows } = await eventually(async () => {
      clock.advance(ms(1_500))
      const given = await results(userIds.slice(1))
      assert.equal(given.body.settled, true)
      return given.body
    })
    assert.deepEqual([rows[0].rank, rows[0].solved], [1, 1])
  })
  it('are taken back when the end moves away', async () => {
    const { contest, results, end } = await contestWith(1)
    await end()
    await eventually(async () => assert.equal((await results()).body.settled, true))
    await harness.publish(contestUpdated, { ...contest, revision: 2, freezeAt: null, endsAt: new Date(clock.now() + minutes(60)).toISOString() })
    clock.advance(ms(1_500))
    assert.deepEqual((await results()).body.rows, [])
  })
  it('are none of a contest that is not there, or was deleted', async () => {
    const { contest, results } = await contestWith(1)
    await harness.publish(contestUpdated, { ...contest, revision: 2, deleted: true })
    assert.equal((await results()).body.error.code, 'BOARD_NOT_FOUND')
    const token = await harness.serviceToken('notifications', 'results:read')
    const answer = await harness.call('POST /internal/results/:contestId', { params: { contestId: v7() }, body: { userIds: [v7()] } }, { token })
    assert.equal(answer.body.error.code, 'BOARD_NOT_FOUND')
  })
  it('are for the notifications service alone, at most 500 at a time', async () => {
    const input = (count: number) => ({ params: { contestId: v7() }, body: { userIds: Array.from({ length: count }, () => v7()) } })
    for (const token of [undefined, (await harness.tokenFor({ role: 'admin' })).token, await harness.serviceToken('contest', 'results:read')])
      assert.ok([401, 403].includes((await harness.call('POST /internal/results/:contestId', input(1), token === undefined ? {} : { token })).status))
    const token = await harness.serviceToken('notifications', 'results:read')
    assert.equal((await harness.call('POST /internal/results/:contestId', input(501), { token })).status, 400)
  })
})
