import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContestSummary } from '#contracts/contest'
import { groupContests } from './group-contests.ts'

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
