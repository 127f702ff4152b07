import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProblemKind } from '#contracts/common'
import { letterLabel, planPlaces } from './plan-places.ts'

const usable = new Map<string, ProblemKind>([
  ['c', 'choice'],
  ['n', 'numeric'],
  ['p', 'program'],
])
const labels = (inputs: { problemId: string; label?: string }[]) => {
  const places = planPlaces(inputs, usable)
  return places.ok ? places.value.map(({ label }) => label) : places.error.code
}

describe('the problems of a contest', () => {
  it('get letters, points and attempts where none are given', () => {
    const places = planPlaces([{ problemId: 'c' }, { problemId: 'n' }, { problemId: 'p', points: 0, maxAttempts: 9 }], usable)
    assert.ok(places.ok)
    assert.deepEqual(
      places.value.map(({ label, points, maxAttempts }) => [label, points, maxAttempts]),
      [
        ['A', 100, 1],
        ['B', 100, 3],
        ['C', 0, 9],
      ],
    )
    const program = planPlaces([{ problemId: 'p' }], usable)
    assert.equal(program.ok && program.value[0]?.maxAttempts, null)
  })

  it('pass over letters that are taken', () =>
    assert.deepEqual(labels([{ problemId: 'c' }, { problemId: 'n', label: 'A' }, { problemId: 'p' }]), ['B', 'A', 'C']))

  it('go on after Z', () => assert.deepEqual([0, 25, 26, 51, 52, 99].map(letterLabel), ['A', 'Z', 'AA', 'AZ', 'BA', 'CV']))

  it('occur once, as do labels whatever their case', () => {
    assert.equal(labels([{ problemId: 'c' }, { problemId: 'c' }]), 'PROBLEM_TWICE')
    assert.equal(
      labels([
        { problemId: 'c', label: 'a' },
        { problemId: 'n', label: 'A' },
      ]),
      'PROBLEM_TWICE',
    )
  })

  it('are not there when the teacher may not use them', () => assert.equal(labels([{ problemId: 'c' }, { problemId: 'x' }]), 'PROBLEM_NOT_FOUND'))
})
