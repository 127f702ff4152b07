import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestPublished, registrationChanged } from '#contracts/contest'
import { rejudgingApplied } from '#contracts/rejudging'
import { type JudgedFact, submissionAccepted, submissionJudged } from '#contracts/submission'
import { ms } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { startService } from '#testkit/service-harness'
import { leaderboardService } from '../src/service.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minute: number) => new Date(Date.parse(startsAt) + minute * 60_000).toISOString()
const clock = fakeClock(at(10))
const harness = await startService(leaderboardService, { clock })
after(() => harness.stop())

/** A contest of one problem in which each participant handed in once, at minute 0, 1, 2 …, and got this verdict. */
async function contestOf(verdicts: readonly JudgedFact['verdict'][], more: Partial<ContestSnapshot> = {}) {
  const contestId = v7()
  const problemId = v7()
  await harness.publish(contestPublished, {
    contestId,
    revision: 1,
    title: 'Kigali Open',
    subject: 'computer-science',
    format: 'icpc',
    timing: 'window',
    startsAt,
    endsAt: at(120),
    durationMinutes: null,
    freezeAt: null,
    penaltyMinutes: 20,
    feedback: 'now',
    ownerId: v7(),
    archived: false,
    deleted: false,
    problems: [{ problemId, version: 1, label: 'A', title: 'A', kind: 'program', points: 100, maxAttempts: null }],
    ...more,
  })
  await eventually(async () => {
    clock.advance(ms(1_000)) // a look at the clocks of boards
    const { rows } = await harness.db.query<{ phase: string }>('select phase from contests where contest_id = $1', [contestId])
    assert.notEqual(rows[0]?.phase, 'scheduled')
  })
  const facts: JudgedFact[] = []
  for (const [n, verdict] of verdicts.entries()) {
    const userId = v7()
    await harness.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt: null })
    const submitted = { submissionId: v7(), userId, contestId, problemId, submittedAt: at(n) }
    await harness.publish(submissionAccepted, submitted)
    const fact: JudgedFact = { ...submitted, attempt: 1, label: 'A', kind: 'program', verdict, score: verdict === 'AC' ? 100 : 0, judgedAt: at(n), held: false }
    await harness.publish(submissionJudged, fact)
    facts.push(fact)
  }
  const board = async () => (await harness.call('GET /api/leaderboard/:contestId', { params: { contestId } })).body
  /** The public one. */
  const revision = async () => {
    const { rows } = await harness.db.query<{ revision: string }>('select public_revision as revision from contests where contest_id = $1', [contestId])
    return Number(rows[0]?.revision)
  }
  const preview = async (changed: readonly JudgedFact[]) =>
    harness.call(
      'POST /internal/board-preview/:contestId',
      { params: { contestId }, body: { verdicts: changed } },
      { token: await harness.serviceToken('submission', 'boards:preview') },
    )
  return { contestId, facts, board, revision, preview }
}
const again = (fact: JudgedFact | undefined, verdict: JudgedFact['verdict']): JudgedFact => {
  assert.ok(fact)
  return { ...fact, attempt: fact.attempt + 1, verdict, score: verdict === 'AC' ? 100 : 0 }
}

describe('a board and a rejudging', () => {
  it('previews the rows that would move, those of others whose rank moves with them included, and keeps nothing of it', async () => {
    const { board, facts, preview } = await contestOf(['WA', 'AC', 'AC'])
    const before = await board()
    const answer = await preview([again(facts[0], 'AC')])
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(
      answer.body.rows.map((row: { userId: string; before: object; after: object }) => [
        facts.findIndex((fact) => fact.userId === row.userId),
        row.before,
        row.after,
      ]),
      [
        [0, { rank: 3, score: 0, penalty: 0 }, { rank: 1, score: 1, penalty: 0 }],
        [1, { rank: 1, score: 1, penalty: 1 }, { rank: 2, score: 1, penalty: 1 }],
        [2, { rank: 2, score: 1, penalty: 2 }, { rank: 3, score: 1, penalty: 2 }],
      ],
    )
    assert.equal(answer.body.moved, 3)
    const { serverNow: _, ...kept } = before
    const { serverNow: __, ...now } = await board()
    assert.deepEqual(now, kept)
  })

  it('moves once for all verdicts of a set, to what the preview said, and twice the same message changes nothing', async () => {
    const { contestId, board, revision, facts, preview } = await contestOf(['WA', 'AC', 'WA', 'AC'])
    const verdicts = [again(facts[0], 'AC'), again(facts[1], 'WA'), again(facts[2], 'AC')]
    const { rows } = (await preview(verdicts)).body
    const before = await revision()
    const rejudgingId = v7()
    await harness.publish(rejudgingApplied, { rejudgingId, contestId, verdicts })
    assert.equal(await revision(), before + 1)
    const after = await eventually(async () => {
      clock.advance(ms(200)) // what is kept of a board is kept for moments
      const shown = await board()
      assert.equal(shown.revision, before + 1)
      return shown
    })
    for (const row of rows) {
      const shown = after.rows.find(({ userId }: { userId: string }) => userId === row.userId)
      assert.deepEqual({ rank: shown.rank, score: shown.score, penalty: shown.penalty }, row.after)
    }
    await harness.publish(rejudgingApplied, { rejudgingId, contestId, verdicts })
    assert.equal(await revision(), before + 1)
  })

  it('previews what is behind the freeze for staff, while the public board takes no notice of it', async () => {
    const { contestId, revision, facts, preview } = await contestOf(['WA', 'AC'], { freezeAt: startsAt })
    const before = await revision()
    const verdicts = [again(facts[0], 'AC')]
    assert.equal((await preview(verdicts)).body.moved, 2)
    await harness.publish(rejudgingApplied, { rejudgingId: v7(), contestId, verdicts })
    assert.equal(await revision(), before)
  })

  it('is previewed for the submission service alone', async () => {
    const { contestId } = await contestOf([])
    const input = { params: { contestId }, body: { verdicts: [] } }
    assert.equal((await harness.call('POST /internal/board-preview/:contestId', input)).status, 401)
    const { token } = await harness.tokenFor({ role: 'admin', issuedAt: new Date(clock.now()) })
    assert.equal((await harness.call('POST /internal/board-preview/:contestId', input, { token })).status, 401)
  })
})
