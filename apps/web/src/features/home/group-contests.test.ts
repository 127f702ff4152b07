import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContestSummary } from '#contracts/contest'
import { daysLeft, groupContests, groupForMember } from './group-contests.ts'

const contest = (id: string, over: Partial<ContestSummary>): ContestSummary => ({
  id,
  title: id,
  subject: 'physics',
  format: 'points',
  timing: 'window',
  rules: {},
  premium: false,
  archived: false,
  ownerId: 'o',
  phase: 'running',
  myPhase: 'running',
  registered: false,
  mayEdit: false,
  problemCount: 1,
  participantCount: 0,
  ...over,
})
const ids = (contests: readonly ContestSummary[]) => contests.map((each) => each.id)

test('what ends first and what begins first come first; of the past the newest', () => {
  const groups = groupContests([
    contest('late', { endsAt: '2026-01-03' }),
    contest('frozen', { phase: 'frozen', endsAt: '2026-01-01' }),
    contest('next week', { phase: 'scheduled', startsAt: '2026-02-08' }),
    contest('tomorrow', { phase: 'scheduled', startsAt: '2026-02-01' }),
    contest('old', { phase: 'ended', endsAt: '2025-01-01' }),
    contest('newer', { phase: 'ended', endsAt: '2025-06-01' }),
    contest('always', { timing: 'untimed' }),
    contest('gone', { archived: true }),
  ])
  assert.deepEqual(
    [ids(groups.running), ids(groups.open), ids(groups.coming), ids(groups.past)],
    [['frozen', 'late'], ['always'], ['tomorrow', 'next week'], ['newer', 'old']],
  )
})

test('what one takes part in comes first, once, and only while it is not over for oneself', () => {
  const all = [
    contest('others', { endsAt: '2026-01-01' }),
    contest('open', { timing: 'untimed', registered: true }),
    contest('mine', { endsAt: '2026-01-03', registered: true }),
    contest('handed in', { endsAt: '2026-01-02', registered: true, myPhase: 'ended' }),
    contest('soon', { phase: 'scheduled', startsAt: '2026-02-01', registered: true, subject: 'mathematics' }),
    contest('over', { phase: 'ended', myPhase: 'ended', endsAt: '2025-01-01', registered: true }),
  ]
  const groups = groupForMember(all, undefined)
  assert.deepEqual(
    [ids(groups.mine), ids(groups.running), ids(groups.open), ids(groups.coming), ids(groups.past)],
    [['mine', 'soon', 'open'], ['others', 'handed in'], [], [], ['over']],
  )
  assert.deepEqual(ids(groupForMember(all, 'mathematics').mine), ['soon'])
})

test('days are told from two on, a clock below', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const left = (iso: string) => daysLeft(iso, now)
  assert.deepEqual(
    [left('2026-01-02T23:59:59Z'), left('2026-01-03T00:00:00Z'), left('2026-01-08T12:00:00Z'), left('2025-12-01T00:00:00Z')],
    [undefined, 2, 7, undefined],
  )
})
