import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOf, seriesOf } from './history-series.ts'

const line = (name: string, steps: readonly (readonly [number, number])[]) => ({
  userId: name,
  name,
  rank: 1,
  steps: steps.map(([minute, score]) => ({ minute, score, penalty: 0 })),
})

test('each line begins at nothing, changes at its own minutes and stands on to the end', () => {
  const { minutes, scores } = seriesOf([
    line('a', [
      [5, 1],
      [30, 2],
    ]),
    line('b', [[12, 1]]),
    line('c', []),
  ])
  assert.deepEqual(minutes, [0, 5, 12, 30])
  assert.deepEqual(scores, [
    [0, 1, 1, 2],
    [0, 0, 1, 1],
    [0, 0, 0, 0],
  ])
  assert.deepEqual(
    seriesOf([
      line('a', [
        [0, 3],
        [4, 1],
      ]),
    ]).scores,
    [[3, 1]],
    'what was won in the first minute, and what a rejudge took',
  )
})

test('lines are told apart by more than their colour', () => {
  const looks = Array.from({ length: 21 }, (_, n) => lookOf(n))
  assert.equal(new Set(looks.map(({ colour, dash }) => `${colour} ${dash}`)).size, looks.length)
  for (const [n, look] of looks.slice(1).entries()) assert.notEqual(`${look.dash}`, `${looks[n]?.dash}`)
})
