import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JudgedFact } from '#contracts/submission'
import { type Instant, instant } from '#kernel/time'
import { mayTellResult } from './feedback.ts'
import { faultNotice, judgedNotice, pushOf } from './messages.ts'
import { type Budget, take } from './rate.ts'
import { isOver } from './sessions.ts'

const fact: JudgedFact = {
  submissionId: 's',
  attempt: 1,
  userId: 'u',
  contestId: 'c',
  problemId: 'p',
  label: 'A',
  kind: 'program',
  verdict: 'AC',
  score: 100,
  submittedAt: '2026-03-01T09:00:00Z',
  judgedAt: '2026-03-01T09:00:01Z',
  held: false,
}

test('a verdict is told in words, by the label of the problem', () => {
  assert.equal(judgedNotice(fact).message, 'Your submission for A was Accepted')
  assert.equal(judgedNotice({ ...fact, label: null, contestId: null, verdict: 'TLE' }).message, 'Your submission was Time Limit Exceeded')
  assert.equal(judgedNotice({ ...fact, verdict: 'PARTIAL', score: 60 }).message, 'Your submission for A was Partially Accepted (60 %)')
})
test('a verdict’s push carries what a page needs without asking', () => {
  const push = pushOf({ ...judgedNotice(fact), seq: 7, at: 'then' })
  assert.deepEqual(push, {
    type: 'submission.judged',
    seq: 7,
    id: 's',
    contestId: 'c',
    problemId: 'p',
    label: 'A',
    verdict: 'AC',
    score: 100,
    code: 'SUBMISSION_JUDGED',
    params: { submissionId: 's', contestId: 'c', problemId: 'p', label: 'A', verdict: 'AC', score: 100 },
    message: 'Your submission for A was Accepted',
  })
})
test('a fault is never told as a verdict', () => {
  for (const whose of ['ours', 'setter'] as const) assert.match(faultNotice({ ...fact, label: 'A', whose }).message, /has no verdict yet/)
})

test('results after the end are told from the contest’s end on, and never of a contest not known', () => {
  const end = Date.parse('2026-03-01T10:00:00Z')
  const contest = { feedback: 'after-end', endsAt: '2026-03-01T10:00:00Z' } as const
  assert.deepEqual([mayTellResult(contest, instant(end - 1)), mayTellResult(contest, instant(end))], [false, true])
  assert.equal(mayTellResult({ ...contest, endsAt: null }, instant(end)), false)
  assert.equal(mayTellResult({ ...contest, feedback: 'now' }, instant(0)), true)
  assert.equal(mayTellResult(undefined, instant(end)), false)
})

test('a session is over when it began before the account’s sessions count, the role changed or the account is disabled', () => {
  const held = { userId: 'u', sessionId: 's', role: 'student', issuedAt: instant(10_000) } as const
  const account = { role: 'student', disabled: false, sessionsValidFrom: instant(10_900) } as const
  assert.equal(isOver(held, account), false, 'the same second: it may be the token given right after')
  assert.equal(isOver(held, { ...account, sessionsValidFrom: instant(11_000) }), true)
  assert.equal(isOver(held, { ...account, role: 'teacher' }), true)
  assert.equal(isOver(held, { ...account, role: undefined }), false)
  assert.equal(isOver(held, { ...account, disabled: true }), true)
})

test('over any stretch of time no more is taken than the burst and what filled up', () => {
  const rate = { burst: 5, perSecond: 2 }
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 }), (gaps) => {
      let now = 0
      let budget: Budget | undefined
      let taken = 0
      for (const gap of gaps) {
        now += gap
        const left = take(rate, budget, instant(now) as Instant)
        if (left === undefined) continue
        taken += 1
        budget = left
      }
      assert.ok(taken <= rate.burst + (now / 1000) * rate.perSecond + 1e-9)
    }),
  )
})
