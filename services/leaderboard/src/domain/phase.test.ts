import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContestSnapshot } from '#contracts/contest'
import { instant } from '#kernel/time'
import { cutOf, nextTurn, phaseAt } from './phase.ts'

const at = (hour: number, minute = 0) => instant(Date.UTC(2026, 2, 1, hour, minute))
const iso = (hour: number, minute = 0) => new Date(at(hour, minute)).toISOString()
type Times = Pick<ContestSnapshot, 'timing' | 'startsAt' | 'endsAt' | 'freezeAt'>
const contest: Times = { timing: 'window', startsAt: iso(9), freezeAt: iso(13), endsAt: iso(14) }

test('a board is closed, open, frozen and thawed at the very moments of the contest', () => {
  const phases = [at(8, 59), at(9), at(12, 59), at(13), at(13, 59), at(14)].map((now) => phaseAt(contest, now))
  assert.deepEqual(phases, ['scheduled', 'open', 'open', 'frozen', 'frozen', 'thawed'])
})
test('the cut is there before the freeze, so that the freeze itself changes no row, and is gone after the end', () => {
  assert.deepEqual([cutOf(contest, 'open'), cutOf(contest, 'frozen'), cutOf(contest, 'thawed')], [at(13), at(13), undefined])
})
test('feedback after the end freezes from the start', () => {
  assert.equal(phaseAt({ ...contest, freezeAt: iso(9) }, at(9)), 'frozen')
})
test('personal timing thaws at the contest’s own end', () => {
  assert.equal(phaseAt({ ...contest, timing: 'personal' }, at(13, 30)), 'frozen')
})
test('an untimed contest is open and has no freeze', () => {
  const untimed: Times = { timing: 'untimed', startsAt: null, endsAt: null, freezeAt: iso(9) }
  assert.deepEqual([phaseAt(untimed, at(23)), cutOf(untimed, 'open'), nextTurn(untimed, at(1))], ['open', undefined, undefined])
})
test('the next turn is the nearest moment ahead', () => {
  assert.deepEqual(
    [nextTurn(contest, at(8)), nextTurn(contest, at(9)), nextTurn(contest, at(13)), nextTurn(contest, at(14))],
    [at(9), at(13), at(14), undefined],
  )
})
