/** The delivery of a package's own solution, as the queue brings it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Judging } from '#contracts/contest'
import { type EvaluationOutcome, evaluationVerified } from '#contracts/evaluation'
import { type VerificationJob, verificationQueued } from '#contracts/verification'
import { instant } from '#kernel/time'
import { checker } from '#kit/validation'
import { Interrupted, Poison } from '#ports/bus'
import { silentLog } from '#ports/log'
import { openHarshBus } from '#testkit/harsh-bus'
import { JudgeFault, NeighbourAway } from './domain/faults.ts'
import { type AnswerDeps, maxInterruptions, maxTries } from './usecases/answer-job.ts'
import { answerVerification } from './usecases/answer-verification.ts'

const id = '00000000-0000-7000-8000-000000000001'
const now = 1_800_000_000_000
const job: VerificationJob = {
  verificationId: id,
  position: 3,
  problemId: id,
  problemVersion: 1,
  language: 'python',
  source: 'print()',
  stopAtFirstFailure: false,
  expiresAt: new Date(now + 1000).toISOString(),
}
/** Told at once: it is not what the job says. */
const noProgram: Judging = { kind: 'choice', optionIds: ['a'], correct: ['a'], dataDigest: 'a'.repeat(64) }
const judgingThat = (judging: () => Promise<Judging>): AnswerDeps['source'] => ({ judging, hold: () => Promise.reject(new Error('a file was asked for')) })
const failing = judgingThat(() => Promise.reject(new JudgeFault('the box broke')))
const untouched = judgingThat(() => assert.fail('the problem was asked for'))

type Given = {
  readonly payload?: unknown
  readonly attempt?: number
  readonly failures?: number
  readonly source?: AnswerDeps['source']
  readonly signal?: AbortSignal
}
async function answer({ payload = job, attempt = 1, failures = 0, source = judgingThat(async () => noProgram), signal = new AbortController().signal }: Given) {
  const bus = openHarshBus()
  const clock = { now: () => instant(now), after: () => () => undefined }
  const deps = { bus, clock, log: silentLog, source, sandbox: () => undefined, sandboxFailed: () => undefined }
  const envelope = { id: crypto.randomUUID(), topic: verificationQueued.topic, occurredAt: job.expiresAt, payload }
  const ended = await answerVerification(deps, { envelope, attempt, failures, signal }).then(
    () => 'acknowledged',
    (error: unknown) => error,
  )
  await bus.close()
  for (const told of bus.published) assert.ok(told.topic === evaluationVerified.topic && checker(evaluationVerified.payload)(told.payload).ok)
  const payloads = bus.published.map((told) => told.payload as { position: number; outcome: EvaluationOutcome })
  return { ended, ids: bus.published.map((told) => told.id), payloads, outcome: payloads[0]?.outcome }
}

describe('the answer to one solution of a package', () => {
  it('is told to who asked, and told twice it is one event', async () => {
    const [first, second] = [await answer({}), await answer({ attempt: 2 })]
    assert.deepEqual([first.ended, first.payloads[0]?.position, first.outcome?.type], ['acknowledged', 3, 'fault'])
    assert.deepEqual(first.ids, second.ids)
    const another = await answer({ payload: { ...job, position: 4 } })
    assert.notDeepEqual(another.ids, first.ids)
  })
  it('a fault of ours is tried again, then told and acknowledged: no dead letter holds an author’s source', async () => {
    for (let failures = 0; failures < maxTries - 1; failures++) {
      const { ended, outcome } = await answer({ attempt: failures + 1, failures, source: failing })
      assert.ok(ended instanceof JudgeFault && outcome === undefined)
    }
    const last = await answer({ attempt: maxTries, failures: maxTries - 1, source: failing })
    assert.deepEqual([last.ended, last.outcome], ['acknowledged', { type: 'fault', whose: 'ours', reason: 'the box broke' }])
  })
  it('is a fault, and nothing is run, when it may be what ends the worker, or nobody waits any more', async () => {
    for (const given of [
      { attempt: maxInterruptions + 1 },
      { payload: { ...job, expiresAt: new Date(now).toISOString() } },
      { payload: { ...job, expiresAt: 'x' } },
    ]) {
      const { ended, outcome } = await answer({ ...given, source: untouched })
      assert.deepEqual([ended, outcome?.type], ['acknowledged', 'fault'])
    }
  })
  it('a contest service that is away is no try, and a lost lease tells nothing', async () => {
    const away = await answer({ source: judgingThat(() => Promise.reject(new NeighbourAway('gone'))) })
    assert.ok(away.ended instanceof Interrupted && away.outcome === undefined)
    const lost = new AbortController()
    const source = judgingThat(async () => {
      lost.abort(new Error('lease lost'))
      return noProgram
    })
    const { ended, outcome } = await answer({ source, signal: lost.signal })
    assert.deepEqual([(ended as Error).message, outcome], ['lease lost', undefined])
  })
  it('a message that is none is poison', async () => {
    for (const payload of [null, {}, { ...job, position: -1 }, { ...job, source: 3 }]) assert.ok((await answer({ payload })).ended instanceof Poison)
  })
})
