import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewRun, Run } from '#contracts/runs'
import { type Api, ApiError } from '../../lib/api-client.ts'
import { askForRun, endOf, sampleOf } from './try-run.ts'

const body: NewRun = { problemId: 'p', language: 'python', source: 'x', input: '' }
const lost = () => new ApiError('NETWORK', 'lost')

async function asked(answers: (Error | { id: string })[]) {
  const keys: unknown[] = []
  const call = async (_: string, input: unknown) => {
    keys.push((input as { headers: Record<string, string> }).headers['idempotency-key'])
    const next = answers.shift()
    if (!next || next instanceof Error) throw next
    return next
  }
  const ended = await askForRun({ api: { call: call as Api['call'] }, sleep: async () => undefined, random: () => 0, key: 'k' }, body).catch(
    (error: unknown) => error,
  )
  return { keys, ended }
}

test('a lost answer is asked for again under the same key, but not for ever', async () => {
  assert.deepEqual(await asked([lost(), new ApiError('UNAVAILABLE', '', { status: 503 }), { id: 'r' }]), { keys: ['k', 'k', 'k'], ended: 'r' })
  const gone = await asked([lost(), lost(), lost(), lost(), { id: 'r' }])
  assert.ok(gone.ended instanceof ApiError && gone.keys.length === 4)
})

test('a refusal is told at once', async () => {
  const { keys, ended } = await asked([new ApiError('RUN_PENDING', '', { status: 429 }), { id: 'r' }])
  assert.deepEqual([keys.length, (ended as ApiError).code], [1, 'RUN_PENDING'])
})

const run = (more: Partial<Run> = {}): Run => ({ id: 'r', status: 'finished', createdAt: '', outcome: 'exited', exitCode: 0, ...more })

test('how a run ended has its words, and only exit code 0 is good', () => {
  assert.equal(endOf(run({ status: 'queued' }), 'en'), undefined)
  assert.deepEqual([endOf(run(), 'en')?.said, endOf(run(), 'en')?.isGood], ['finished', true])
  const failed = endOf(run({ exitCode: 4 }), 'en')
  assert.deepEqual([failed?.said, failed?.isGood, failed?.params.code], ['exitCode', false, '4'])
  const slow = endOf(run({ outcome: 'cpuExceeded', limits: { cpuMs: 1500, memoryBytes: 64 * 1024 ** 2 } }), 'en')
  assert.deepEqual([slow?.said, slow?.params.time, slow?.params.memory], ['cpuExceeded', '1.50 s', '64 MiB'])
  assert.equal(endOf({ id: 'r', status: 'fault', createdAt: '' }, 'en')?.said, 'fault')
})

test('an input is a sample’s to the byte or none', () => {
  const problem = { samples: [{ input: '1 2\n', output: '3\n' }] }
  assert.deepEqual(sampleOf(problem, '1 2\n'), { index: 1, output: '3\n' })
  assert.equal(sampleOf(problem, '1 2'), undefined)
  assert.equal(sampleOf({}, ''), undefined)
})
