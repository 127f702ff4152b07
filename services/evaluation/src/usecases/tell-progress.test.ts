import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvaluationProgress } from '#contracts/evaluation'
import type { EvaluationJob } from '#contracts/submission'
import { ms } from '#kernel/units'
import { silentLog } from '#ports/log'
import { fakeClock } from '#testkit/fake-clock'
import { openProgress } from './tell-progress.ts'

function watched(lane: EvaluationJob['lane'] = 'contest') {
  const clock = fakeClock()
  const told: string[] = []
  const bus = {
    broadcast: async (_topic: string, said: unknown) => void told.push(`${(said as EvaluationProgress).stage} ${(said as EvaluationProgress).test}`),
  }
  const job = { submissionId: 's', attempt: 1, userId: 'u', contestId: null, lane } as EvaluationJob
  return { clock, told, ...openProgress({ bus: bus as never, clock, log: silentLog }, job) }
}

test('a judging that is over in a moment has no progress', () => {
  const { clock, told, progress, stop } = watched()
  progress('compiling', 0, 3)
  progress('running', 1, 3)
  clock.advance(ms(299))
  stop()
  clock.advance(ms(1000))
  assert.deepEqual(told, [])
})

test('what is judged aside has no progress', () => {
  const { clock, told, progress } = watched('rejudge')
  progress('running', 1, 3)
  clock.advance(ms(1000))
  assert.deepEqual(told, [])
})

test('a long compilation is told of although nothing happens meanwhile', () => {
  const { clock, told, progress } = watched()
  progress('compiling', 0, 3)
  clock.advance(ms(300))
  assert.deepEqual(told, ['compiling 0'])
})

test('ten times a second at most, and always the latest', () => {
  const { clock, told, progress } = watched()
  for (let test = 1; test <= 60; test++) {
    progress('running', test, 60)
    clock.advance(ms(10))
  }
  clock.advance(ms(100))
  assert.deepEqual(told, ['running 30', 'running 40', 'running 50', 'running 60'])
})
