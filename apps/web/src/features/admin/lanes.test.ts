import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { concernsOf, lanesOf } from './lanes.ts'

const queue = (name: string, waiting = 0, leased = 0, more: { dead?: number; oldestWaitingMs?: number } = {}) => ({
  queue: name,
  waiting,
  leased,
  dead: 0,
  oldestWaitingMs: 0,
  ...more,
})
const judge = (atWork: number, sandbox: string | null = 'native') => ({
  workerId: 'w-1',
  sandbox,
  reason: null,
  toolchains: {},
  slots: 2,
  atWork,
  heardAt: '2026-03-01T00:00:00.000Z',
})
const reasons = (queues: ReturnType<typeof queue>[], workers: ReturnType<typeof judge>[]) =>
  Object.fromEntries(lanesOf({ queues, workers }).map(({ lane, reason }) => [lane, reason]))

describe('lanes', () => {
  it('stand in the order in which they are judged, other queues left out', () => {
    const found = lanesOf({
      queues: [queue('evaluation.rejudge'), queue('contest.events'), queue('evaluation.quiz'), queue('evaluation.contest')],
      workers: [],
    })
    assert.deepEqual(
      found.map(({ lane }) => lane),
      ['quiz', 'contest', 'rejudge'],
    )
  })
  it('say whether anything is there', () => {
    assert.deepEqual(reasons([queue('evaluation.contest', 0, 1), queue('evaluation.practice')], [judge(1)]), { contest: 'atWork', practice: 'idle' })
  })
  it('wait for a judge where none can do it; an answer to a quiz needs no sandbox', () => {
    const waiting = [queue('evaluation.quiz', 1), queue('evaluation.contest', 1)]
    assert.deepEqual(reasons(waiting, []), { quiz: 'noJudge', contest: 'noJudge' })
    assert.deepEqual(reasons(waiting, [judge(0, null)]), { quiz: 'soon', contest: 'noJudge' })
  })
  it('wait for those that go before, or for their own, once all slots are taken', () => {
    const queues = [queue('evaluation.quiz', 3, 1), queue('evaluation.contest', 2, 2), queue('evaluation.rejudge', 9)]
    assert.deepEqual(reasons(queues, [judge(2)]), { quiz: 'soon', contest: 'full', rejudge: 'others' })
    assert.deepEqual(reasons(queues, [judge(2), judge(1)]), { quiz: 'soon', contest: 'soon', rejudge: 'soon' })
  })
  it('do not tell of an age where nothing waits', () => {
    const [lane] = lanesOf({ queues: [queue('evaluation.contest', 0, 1, { oldestWaitingMs: 5_000 })], workers: [judge(1)] })
    assert.equal(lane?.oldestMs, 0)
  })
})

describe('concerns', () => {
  const well = {
    services: { user: { status: 'ok' as const, checks: { database: { ok: true } } } },
    queues: [queue('evaluation.contest', 1)],
    workers: [judge(0)],
  }
  const serverNow = '2026-03-01T00:00:00.000Z'
  it('are none while all is well', () => assert.deepEqual(concernsOf({ ...well, serverNow }), []))
  it('are what does not go by itself', () => {
    const found = concernsOf({
      services: { user: { status: 'degraded', checks: { database: { ok: true }, outbox: { ok: false, detail: 'behind' } } } },
      queues: [queue('evaluation.contest', 1, 0, { oldestWaitingMs: 61_000, dead: 2 }), queue('user.events', 0, 0, { dead: 1, oldestWaitingMs: 90_000 })],
      workers: [],
      serverNow,
    })
    assert.deepEqual(found, [
      { what: 'check', service: 'user', check: 'outbox', detail: 'behind' },
      { what: 'noJudge' },
      { what: 'slow', queue: 'evaluation.contest', seconds: 61 },
      { what: 'dead', count: 3 },
    ])
    assert.deepEqual(concernsOf({ ...well, workers: [judge(0, null)], serverNow }), [{ what: 'noSandbox', worker: 'w-1' }])
  })
})
