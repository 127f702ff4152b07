import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Judging } from '#contracts/contest'
import { evaluationFinished, evaluationQueues, evaluationStatus, laneQueue } from '#contracts/evaluation'
import { type EvaluationJob, laneTopic } from '#contracts/submission'
import { instant } from '#kernel/time'
import { bytes, minutes, ms } from '#kernel/units'
import { type Delivery, type Envelope, Interrupted, Poison } from '#ports/bus'
import { silentLog } from '#ports/log'
import { type RunResult, type Sandbox, SandboxFault } from '#ports/sandbox'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { openHarshBus } from '#testkit/harsh-bus'
import { openLanes } from './consumers.ts'
import { JudgeFault, NeighbourAway, ProblemFault } from './domain/faults.ts'
import type { JudgingSource } from './test-data.ts'
import { type AnswerDeps, answerJob, maxInterruptions, maxTries } from './usecases/answer-job.ts'

const id = '00000000-0000-7000-8000-000000000001'
const quizJob: EvaluationJob = {
  submissionId: id,
  attempt: 1,
  userId: id,
  contestId: null,
  problemId: id,
  problemVersion: 1,
  kind: 'choice',
  lane: 'quiz',
  stopAtFirstFailure: false,
  language: null,
  source: null,
  answer: { choices: ['a'] },
  submittedAt: '2026-01-01T00:00:00Z',
}
const programJob: EvaluationJob = { ...quizJob, kind: 'program', lane: 'practice', language: 'python', source: 'print(3)', answer: null }
const digest = 'a'.repeat(64)
const choice: Judging = { kind: 'choice', optionIds: ['a', 'b'], correct: ['a'], dataDigest: digest }
const program: Judging = {
  kind: 'program',
  limits: { cpuMs: 1000, memoryBytes: 1 << 26 },
  compare: {},
  dataDigest: digest,
  tests: [{ index: 1, sample: false, input: digest, inputBytes: 0, output: digest, outputBytes: 0 }],
}
const sourceOf = (judging: () => Judging): JudgingSource => ({
  judging: async () => judging(),
  hold: async () => ({ path: '/dev/null', content: undefined, release: () => undefined }),
})
const clock = { now: () => instant(1_800_000_000_000), after: () => () => undefined }
const envelopeOf = (payload: unknown, topic = laneTopic('quiz')): Envelope => ({ id: crypto.randomUUID(), topic, occurredAt: '2026-01-01T00:00:00Z', payload })
const deliveryOf = (payload: unknown, attempt = 1, more: Partial<Delivery> = {}): Delivery => ({
  envelope: envelopeOf(payload),
  attempt,
  failures: 0,
  signal: new AbortController().signal,
  ...more,
})
/** The delivery after so many tries at which the judge itself failed. */
const afterFailures = (payload: unknown, failures: number): Delivery => deliveryOf(payload, failures + 1, { failures })

/** A sandbox whose every run ends as `run` says. */
const sandboxThat = (run: () => Promise<Partial<RunResult>>): Sandbox & { closed: number } => {
  const sandbox = {
    name: 'native' as const,
    contains: 'untrusted' as const,
    toolchains: { python: '3' },
    closed: 0,
    open: async () => ({
      put: async () => undefined,
      take: async () => undefined,
      list: async () => [],
      close: async () => undefined,
      run: async () => ({
        outcome: 'exited' as const,
        exitCode: 0,
        cpu: ms(1),
        wall: ms(1),
        memory: bytes(1),
        stdout: Buffer.from(''),
        stderr: Buffer.from(''),
        ...(await run()),
      }),
    }),
    close: async () => void sandbox.closed++,
  }
  return sandbox
}

describe('the answer to one job', () => {
  const answer = async (judging: () => Judging, delivery: Delivery, more: Partial<AnswerDeps> = {}) => {
    const bus = openHarshBus()
    const deps: AnswerDeps = { bus, clock, log: silentLog, source: sourceOf(judging), sandbox: () => undefined, sandboxFailed: () => undefined, ...more }
    const ended = await answerJob(deps, delivery).then(
      () => 'acknowledged',
      (error: unknown) => error,
    )
    const outcomes = bus.published.map((envelope) => (envelope.payload as { outcome: { type: string; verdict?: string; whose?: string } }).outcome)
    await bus.close()
    return { ended, published: bus.published, outcomes }
  }
  it('is told once: a second delivery tells the same event with the same id', async () => {
    const [first, second] = await Promise.all([answer(() => choice, deliveryOf(quizJob)), answer(() => choice, deliveryOf(quizJob, 2))])
    assert.equal(first.ended, 'acknowledged')
    assert.equal(first.outcomes[0]?.verdict, 'AC')
    assert.equal(first.published[0]?.topic, evaluationFinished.topic)
    assert.equal(first.published[0]?.id, second.published[0]?.id)
    assert.notEqual(first.published[0]?.id, (await answer(() => choice, deliveryOf({ ...quizJob, attempt: 2 }))).published[0]?.id)
  })
  const broken = () => {
    throw new JudgeFault('the contest service does not answer')
  }
  it('our fault is retried in silence until the last try, then told and left for staff', async () => {
    for (let failures = 0; failures < maxTries - 1; failures++) {
      const { ended, outcomes } = await answer(broken, afterFailures(quizJob, failures))
      assert.ok(ended instanceof JudgeFault && outcomes.length === 0)
    }
    const last = await answer(broken, afterFailures(quizJob, maxTries - 1))
    assert.ok(last.ended instanceof Poison)
    assert.deepEqual([last.outcomes[0]?.type, last.outcomes[0]?.whose], ['fault', 'ours'])
  })
  it('deliveries that were interrupted take no try from it: it is judged, or tried again', async () => {
    const interrupted = deliveryOf(quizJob, maxInterruptions)
    assert.deepEqual([(await answer(() => choice, interrupted)).outcomes[0]?.verdict], ['AC'])
    const { ended, outcomes } = await answer(broken, interrupted)
    assert.ok(ended instanceof JudgeFault && outcomes.length === 0)
    const both = deliveryOf(quizJob, maxInterruptions + maxTries - 1, { failures: maxTries - 1 })
    assert.ok((await answer(broken, both)).ended instanceof Poison)
  })
  it('a result that the bus does not take is an interruption, not a failure of the judge', async () => {
    const bus = openHarshBus()
    const refusing = { ...bus, publish: () => Promise.reject(new Error('the connection was lost')) }
    for (const delivery of [afterFailures(quizJob, maxTries - 1), deliveryOf(quizJob, maxInterruptions + 1)]) {
      const { ended } = await answer(() => choice, delivery, { bus: refusing })
      assert.ok(ended instanceof Interrupted)
    }
    await bus.close()
  })
  it('on a bus: one that is interrupted again and again is judged, one that breaks the judge each time is told after five tries', async () => {
    const bus = openHarshBus({ copies: 1 })
    for (const queue of evaluationQueues) await bus.declare(queue)
    const looks = { innocent: 0, broken: 0 }
    const judging: JudgingSource = {
      ...sourceOf(() => choice),
      judging: async (problemId) => {
        if (problemId !== id) {
          looks.broken++
          return broken()
        }
        if (++looks.innocent < maxInterruptions) throw new NeighbourAway('the database is away')
        return choice
      },
    }
    const time = fakeClock()
    const deps: AnswerDeps = { bus, clock: time, log: silentLog, source: judging, sandbox: () => undefined, sandboxFailed: () => undefined }
    const consumer = await bus.consume({ queues: [laneQueue('quiz')], concurrency: 2, handle: (delivery) => answerJob(deps, delivery) })
    const other = '00000000-0000-7000-8000-000000000002'
    await bus.publish([envelopeOf(quizJob), envelopeOf({ ...quizJob, submissionId: other, problemId: other })])
    const told = () => bus.published.filter((envelope) => envelope.topic === evaluationFinished.topic).map(({ payload }) => payload as { submissionId: string })
    await eventually(() => {
      time.advance(minutes(1)) // the contest service is waited for
      assert.equal(told().length, 2)
    })
    const of = (submission: string) => (told().find((one) => one.submissionId === submission) as unknown as { outcome: object }).outcome
    assert.deepEqual([looks, (of(id) as { verdict?: string }).verdict], [{ innocent: maxInterruptions, broken: maxTries }, 'AC'])
    assert.equal((of(other) as { whose?: string }).whose, 'ours')
    await consumer.stop()
    await bus.close()
  })
  it('while the contest service is away the last try waits for it, and a submission is not given up', async () => {
    const time = fakeClock()
    let asked = 0
    const away = () => {
      if (++asked <= 50) throw new NeighbourAway('the contest service is away')
      return choice
    }
    const early = await answer(away, deliveryOf(quizJob, maxTries - 1), { clock: time })
    assert.ok(early.ended instanceof Interrupted && early.outcomes.length === 0) // another worker may have what is needed
    const last = answer(away, deliveryOf(quizJob, maxTries), { clock: time })
    await eventually(() => {
      time.advance(minutes(1))
      assert.ok(asked > 50)
    })
    assert.deepEqual([(await last).ended, (await last).outcomes[0]?.verdict], ['acknowledged', 'AC'])
  })
  it('a job that is lost while it waits for the contest service tells nothing', async () => {
    const lost = new AbortController()
    const away = () => {
      setImmediate(() => lost.abort(new Error('lease lost')))
      throw new NeighbourAway('the contest service is away')
    }
    const { ended, outcomes } = await answer(away, deliveryOf(quizJob, maxTries, { signal: lost.signal }), { clock: fakeClock() })
    assert.deepEqual([(ended as Error).message, outcomes.length], ['lease lost', 0])
  })
  it('a job that ends the worker each time is not tried for ever', async () => {
    let looked = 0
    const look = () => {
      looked++
      return choice
    }
    const { ended, outcomes } = await answer(look, deliveryOf(quizJob, maxInterruptions + 1))
    assert.equal(looked, 0)
    assert.ok(ended instanceof Poison)
    assert.equal(outcomes[0]?.whose, 'ours')
  })
  it('after a fault was told, a verdict of a later retry is another event', async () => {
    const fault = await answer(broken, afterFailures(quizJob, maxTries - 1))
    assert.notEqual(fault.published[0]?.id, (await answer(() => choice, deliveryOf(quizJob))).published[0]?.id)
  })
  it('the setter’s fault is told at once and not retried', async () => {
    const { ended, outcomes } = await answer(() => {
      throw new ProblemFault('test 3 is missing')
    }, deliveryOf(quizJob))
    assert.deepEqual([ended, outcomes[0]?.type, outcomes[0]?.whose], ['acknowledged', 'fault', 'setter'])
  })
  it('a message that is no job is poison', async () =>
    assert.ok((await answer(() => choice, deliveryOf({ ...quizJob, kind: 'essay' }))).ended instanceof Poison))
  it('when the lease is lost nothing is told, whatever had come out', async () => {
    const lost = new AbortController()
    const judging = () => {
      lost.abort(new Error('lease lost'))
      return choice
    }
    const { ended, outcomes } = await answer(judging, deliveryOf(quizJob, maxTries, { signal: lost.signal }))
    assert.deepEqual([(ended as Error).message, outcomes.length], ['lease lost', 0])
  })
  it('a rejudging lets all else have the cores first, and nothing that somebody waits for does', async () => {
    const asked: [string, boolean][] = []
    for (const lane of ['contest', 'practice', 'rejudge'] as const) {
      const sandbox = sandboxThat(async () => ({}))
      const open: Sandbox['open'] = ({ givesWay = false } = {}) => {
        asked.push([lane, givesWay])
        return sandbox.open()
      }
      await answer(() => program, deliveryOf({ ...programJob, lane }), { sandbox: () => ({ ...sandbox, open }) })
    }
    assert.deepEqual(asked, [
      ['contest', false],
      ['practice', false],
      ['rejudge', true],
    ])
  })
  it('an outcome the judge does not know is our fault, never a verdict', async () => {
    const strange = sandboxThat(async () => ({ outcome: 'Dangerous Syscall' as never }))
    const { ended, outcomes } = await answer(() => program, deliveryOf(programJob), { sandbox: () => strange })
    assert.ok(ended instanceof JudgeFault && outcomes.length === 0)
  })
})

describe('the lanes', () => {
  const open = (openSandbox: () => Promise<Sandbox>) => {
    const bus = openHarshBus({ copies: 1 })
    const source: JudgingSource = { judging: async () => choice, hold: sourceOf(() => program).hold }
    const lanes = openLanes({
      bus,
      clock,
      log: silentLog,
      workerId: id,
      source: { ...source, judging: async (problemId) => (problemId === id ? choice : program) },
      openSandbox,
      concurrency: 2,
    })
    const programs = { ...programJob, problemId: '00000000-0000-7000-8000-000000000002' }
    return {
      bus,
      lanes,
      submit: (job: 'quiz' | 'program') => bus.publish([job === 'quiz' ? envelopeOf(quizJob) : envelopeOf(programs, laneTopic('practice'))]),
      finished: () => bus.published.filter((envelope) => envelope.topic === evaluationFinished.topic).length,
      lastStatus: () => bus.broadcasts.findLast((told) => told.topic === evaluationStatus.topic)?.payload as { sandbox: string | null; reason: string | null },
    }
  }
  it('without a sandbox quizzes are judged, programs wait and everybody is told why; with one they are judged', async () => {
    let missing = true
    const arena = open(async () => {
      if (missing) throw new SandboxFault('bwrap is not installed: apt install bubblewrap', 'later')
      return sandboxThat(async () => ({}))
    })
    await arena.lanes.start()
    assert.deepEqual([arena.lastStatus().sandbox, arena.lastStatus().reason], [null, 'bwrap is not installed: apt install bubblewrap'])
    await arena.submit('program')
    await arena.submit('quiz')
    await eventually(() => assert.equal(arena.finished(), 1))
    assert.equal((await arena.bus.depth()).find((queue) => queue.queue === laneQueue('practice'))?.waiting, 1)
    missing = false
    await arena.lanes.retry()
    assert.deepEqual([arena.lastStatus().sandbox, arena.lastStatus().reason], ['native', null])
    await eventually(() => assert.equal(arena.finished(), 2))
    await arena.lanes.stop()
    await arena.bus.close()
  })
  it('a sandbox that fails is left, and programs wait until it can be opened again', async () => {
    const failing = sandboxThat(() => Promise.reject(new SandboxFault('the control groups are gone', 'later')))
    const sandboxes = [failing, sandboxThat(async () => ({}))]
    const arena = open(async () => sandboxes.shift() ?? assert.fail('opened too often'))
    await arena.lanes.start()
    await arena.submit('program')
    await eventually(() => assert.equal(failing.closed, 1))
    assert.deepEqual([arena.lanes.status().sandbox, arena.lanes.status().reason, arena.finished()], [null, 'the control groups are gone', 0])
    await arena.lanes.retry()
    await eventually(() => assert.equal(arena.finished(), 1))
    await arena.lanes.stop()
    await arena.bus.close()
  })
})
