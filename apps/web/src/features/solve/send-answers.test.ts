import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Submit } from '#contracts/submission'
import { ApiError } from '../../lib/api-client.ts'
import { type Sending, sendAnswers } from './send-answers.ts'

const bodies: Submit[] = ['p', 'q', 'r'].map((problemId) => ({ problemId, answer: { value: '1' } }))

async function send(answers: (string | Error)[]) {
  const states = new Map<string, Sending>()
  const asked: string[] = []
  let pauses = 0
  await sendAnswers(
    {
      submit: async ({ problemId }) => {
        asked.push(problemId)
        const next = answers.shift()
        if (next === undefined || next instanceof Error) throw next ?? new Error('none left')
        return { id: next }
      },
      sleep: async () => void pauses++,
      onState: (problemId, sending) => void states.set(problemId, sending),
    },
    bodies,
  )
  return { asked, pauses, states: [...states.values()].map(({ state }) => state), last: states }
}

test('each answer is sent once, in order', async () => {
  const { asked, states } = await send(['1', '2', '3'])
  assert.deepEqual(
    [asked, states],
    [
      ['p', 'q', 'r'],
      ['taken', 'taken', 'taken'],
    ],
  )
})

test('a refusal is its question’s alone', async () => {
  const refused = new ApiError('NO_ATTEMPTS_LEFT', '', { status: 409 })
  const { states, last } = await send(['1', refused, '3'])
  assert.deepEqual(states, ['taken', 'failed', 'taken'])
  const failed = last.get('q')
  assert.ok(failed?.state === 'failed' && failed.error === refused && !failed.isOpen)
})

test('too many that wait for the judge are waited for', async () => {
  const full = () => new ApiError('TOO_MANY_PENDING', '', { status: 429 })
  const { asked, pauses, states } = await send(['1', full(), full(), '2', '3'])
  assert.deepEqual([asked, pauses, states], [['p', 'q', 'q', 'q', 'r'], 2, ['taken', 'taken', 'taken']])
})

test('a line that is down, or a lost session, ends it for the rest, which was not sent', async () => {
  const down = await send(['1', new ApiError('NETWORK', '')])
  assert.deepEqual(
    [down.asked, down.states],
    [
      ['p', 'q'],
      ['taken', 'failed', 'failed'],
    ],
  )
  const [second, third] = [down.last.get('q'), down.last.get('r')]
  assert.deepEqual([second?.state === 'failed' && second.isOpen, third?.state === 'failed' && third.isOpen], [true, false])
  const out = await send([new ApiError('UNAUTHENTICATED', '', { status: 401 })])
  assert.equal(out.asked.length, 1)
})
