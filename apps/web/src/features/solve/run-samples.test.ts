import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewRun, Run } from '#contracts/runs'
import { ApiError } from '../../lib/api-client.ts'
import { runSamples, type SampleResult } from './run-samples.ts'

const samples = [
  { input: '1', output: '1\n' },
  { input: '2', output: '4\n' },
  { input: '3', output: '9\n' },
]
const printed = (stdout: string, more: Partial<Run> = {}): Run => ({
  id: 'r',
  status: 'finished',
  createdAt: '',
  outcome: 'exited',
  exitCode: 0,
  stdout,
  ...more,
})
const bodyOf = (input: string): NewRun => ({ language: 'python', source: 'x', input })

async function round(answers: (Run | Error)[], isOver = () => false) {
  const results: SampleResult[] = samples.map(() => ({ state: 'waiting' }))
  const inputs: string[] = []
  let pauses = 0
  const deps = {
    run: async (body: NewRun) => {
      inputs.push(body.input)
      const next = answers.shift()
      if (!next || next instanceof Error) throw next ?? new Error('none left')
      return next
    },
    sleep: async () => void pauses++,
    onResult(index: number, result: SampleResult) {
      results[index] = result
    },
    isOver,
  }
  await runSamples(deps, samples, bodyOf)
  return { results, inputs, pauses, states: results.map(({ state }) => state) }
}

test('each sample is run in turn and laid beside what was expected', async () => {
  const { results, inputs } = await round([printed('1\n'), printed('5\n'), printed('', { outcome: 'signalled', signal: 11 })])
  assert.deepEqual(inputs, ['1', '2', '3'])
  assert.deepEqual(
    results.map((each) => (each.state === 'ran' ? each.diff?.likeness : each.state)),
    ['same', 'different', undefined],
  )
})

test('a program that cannot be compiled is not run again', async () => {
  const { states, inputs } = await round([printed('', { outcome: 'compileFailed' })])
  assert.deepEqual([states, inputs.length], [['ran', 'waiting', 'waiting'], 1])
})

test('a run that is still at work is waited for, and too many runs leave the rest out', async () => {
  const pending = () => new ApiError('RUN_PENDING', '', { status: 429 })
  const limited = new ApiError('TOO_MANY_REQUESTS', '', { status: 429, details: { retryAfterSeconds: 20 } })
  const { states, pauses, results } = await round([pending(), pending(), printed('1\n'), limited])
  assert.deepEqual([states, pauses], [['ran', 'left', 'left'], 2])
  assert.equal(results[2]?.state === 'left' && results[2].error, limited)
})

test('once it is over nothing more is asked or told', async () => {
  let isOver = false
  const answers = [printed('1\n')]
  const { states, inputs } = await round(answers, () => {
    const was = isOver
    isOver = true
    return was
  })
  assert.deepEqual([states, inputs], [['running', 'waiting', 'waiting'], ['1']])
})
