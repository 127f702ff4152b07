/** A program tried with its author's own input: the delivery as the queue brings it, and real programs in a real sandbox. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Judging } from '#contracts/contest'
import { evaluationFinished, evaluationQueues } from '#contracts/evaluation'
import { type RunJob, type RunOutcome, type RunReport, runAnswered, runOutputBytes, runQueued } from '#contracts/runs'
import { type EvaluationJob, laneTopic } from '#contracts/submission'
import { instant } from '#kernel/time'
import { bytes, ms } from '#kernel/units'
import { checker } from '#kit/validation'
import { type Delivery, Poison } from '#ports/bus'
import { silentLog } from '#ports/log'
import { type RunResult, type Sandbox, SandboxFault } from '#ports/sandbox'
import { eventually } from '#testkit/eventually'
import { openHarshBus } from '#testkit/harsh-bus'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { openLanes } from './consumers.ts'
import { JudgeFault } from './domain/faults.ts'
import type { JudgingSource } from './test-data.ts'
import type { AnswerDeps } from './usecases/answer-job.ts'
import { answerRun, maxRunTries } from './usecases/answer-run.ts'
import { runInput } from './usecases/run-input.ts'

const id = '00000000-0000-7000-8000-000000000001'
const now = 1_800_000_000_000
const job: RunJob = { runId: id, problem: null, language: 'python', source: 'print(input())', input: 'x\n', expiresAt: new Date(now + 1000).toISOString() }
const noProblem = { judging: () => Promise.reject(new Error('no problem was named')) }
const problemOf = (judging: Judging): JudgingSource => ({ judging: async () => judging, hold: () => Promise.reject(new Error('a file was asked for')) })
const digest = 'a'.repeat(64)
const program: Judging = { kind: 'program', limits: { cpuMs: 300, memoryBytes: 1 << 26 }, compare: {}, dataDigest: digest, tests: [] }

/** A sandbox whose every run ends as `run` says. */
const sandboxThat = (run: () => Promise<Partial<RunResult>>): Sandbox => ({
  name: 'native',
  contains: 'untrusted',
  toolchains: { python: '3' },
  open: async () => ({
    put: async () => undefined,
    take: async () => undefined,
    list: async () => [],
    close: async () => undefined,
    run: async () => {
      const plain = { outcome: 'exited' as const, exitCode: 0, cpu: ms(1), wall: ms(1), memory: bytes(1), stdout: Buffer.from(''), stderr: Buffer.from('') }
      return { ...plain, ...(await run()) }
    },
  }),
  close: async () => undefined,
})

describe('the answer to one run', () => {
  const answer = async ({ payload = job as unknown, attempt = 1, signal = new AbortController().signal, ...more }: Answering) => {
    const bus = openHarshBus()
    const source = { ...noProblem, hold: () => Promise.reject(new Error('test data was asked for')) }
    const clock = { now: () => instant(now), after: () => () => undefined }
    const sandbox = () => sandboxThat(async () => ({ stdout: Buffer.from('x\n') }))
    const deps = { bus, clock, log: silentLog, source, sandbox, sandboxFailed: () => undefined, ...more }
    const delivery: Delivery = {
      envelope: { id: crypto.randomUUID(), topic: runQueued.topic, occurredAt: job.expiresAt, payload },
      attempt,
      failures: 0,
      signal,
    }
    const ended = await answerRun(deps, delivery).then(
      () => 'acknowledged',
      (error: unknown) => error,
    )
    await bus.close()
    for (const { topic, payload: told } of bus.published) assert.ok(topic === runAnswered.topic && checker(runAnswered.payload)(told).ok, JSON.stringify(told))
    return { ended, ids: bus.published.map((told) => told.id), outcomes: bus.published.map((told) => (told.payload as { outcome: RunOutcome }).outcome) }
  }
  type Answering = Partial<AnswerDeps> & { payload?: unknown; attempt?: number; signal?: AbortSignal }
  const failing = () => sandboxThat(() => Promise.reject(new JudgeFault('the box broke')))

  it('is told once: a second delivery tells the same event', async () => {
    const [first, second] = [await answer({}), await answer({ attempt: 2 })]
    assert.deepEqual([first.ended, first.outcomes[0]?.type], ['acknowledged', 'ran'])
    assert.deepEqual(first.ids, second.ids)
  })
  it('is tried again after a fault of ours, then told and acknowledged: no dead letter holds a pupil’s source', async () => {
    for (let attempt = 1; attempt < maxRunTries; attempt++) {
      const { ended, outcomes } = await answer({ attempt, sandbox: failing })
      assert.ok(ended instanceof JudgeFault && outcomes.length === 0)
    }
    const last = await answer({ attempt: maxRunTries, sandbox: failing })
    assert.deepEqual([last.ended, last.outcomes], ['acknowledged', [{ type: 'fault', reason: 'the box broke' }]])
  })
  it('is a fault, and nothing is run, when its deliveries may have ended the worker or nobody waits any more', async () => {
    const untouched = () => assert.fail('the sandbox was asked for')
    for (const given of [
      { attempt: maxRunTries + 1 },
      { payload: { ...job, expiresAt: new Date(now).toISOString() } },
      { payload: { ...job, expiresAt: 'soon' } },
    ]) {
      const { ended, outcomes } = await answer({ ...given, sandbox: untouched })
      assert.deepEqual([ended, outcomes[0]?.type], ['acknowledged', 'fault'])
    }
  })
  it('is not told when the lease is lost', async () => {
    const lost = new AbortController()
    const sandbox = () =>
      sandboxThat(async () => {
        lost.abort(new Error('lease lost'))
        return {}
      })
    const { ended, outcomes } = await answer({ sandbox, signal: lost.signal })
    assert.deepEqual([(ended as Error).message, outcomes.length], ['lease lost', 0])
  })
  it('waits where there is no sandbox, and a sandbox that failed is left', async () => {
    assert.ok((await answer({ sandbox: () => undefined })).ended instanceof JudgeFault)
    const failed: string[] = []
    const gone = () => sandboxThat(() => Promise.reject(new SandboxFault('the control groups are gone', 'later')))
    assert.ok((await answer({ sandbox: gone, sandboxFailed: (fault) => void failed.push(fault.message) })).ended instanceof SandboxFault)
    assert.deepEqual(failed, ['the control groups are gone'])
  })
  it('an outcome nobody knows is our fault', async () => {
    const strange = () => sandboxThat(async () => ({ outcome: 'Dangerous Syscall' as never }))
    assert.ok((await answer({ sandbox: strange })).ended instanceof JudgeFault)
  })
  it('a problem that is no program is told at once', async () => {
    const choice: Judging = { kind: 'choice', optionIds: ['a'], correct: ['a'], dataDigest: digest }
    const source = problemOf(choice)
    const { ended, outcomes } = await answer({ source, payload: { ...job, problem: { id, version: 1 } } })
    assert.deepEqual([ended, outcomes[0]?.type], ['acknowledged', 'fault'])
  })
  it('a message that is no run is poison', async () => {
    for (const payload of [null, {}, { ...job, input: 3 }, { ...job, source: '' }]) assert.ok((await answer({ payload })).ended instanceof Poison)
  })
})

it('a run is taken when nothing that counts waits', async () => {
  const bus = openHarshBus({ copies: 1 })
  const withTest: Judging = { ...program, tests: [{ index: 1, sample: true, input: digest, inputBytes: 0, output: digest, outputBytes: 0 }] }
  const lanes = openLanes({
    bus,
    clock: { now: () => instant(now), after: () => () => undefined },
    log: silentLog,
    workerId: id,
    source: { ...problemOf(withTest), hold: async () => ({ path: '/dev/null', content: undefined, release: () => undefined }) },
    openSandbox: async () => sandboxThat(async () => ({})),
    concurrency: 1,
  })
  for (const queue of evaluationQueues) await bus.declare(queue)
  const waiting = (topic: string, payload: unknown) => bus.publish([{ id: crypto.randomUUID(), topic, occurredAt: job.expiresAt, payload }])
  await waiting(runQueued.topic, job)
  for (const lane of ['rejudge', 'practice', 'contest'] as const) await waiting(laneTopic(lane), submissionJob(lane))
  await lanes.start()
  const answers = () => bus.published.filter(({ topic }) => topic === runAnswered.topic || topic === evaluationFinished.topic)
  await eventually(() => assert.equal(answers().length, 4))
  assert.deepEqual(
    answers().map(({ payload }) => (payload as { submissionId?: string }).submissionId ?? 'run'),
    [submissionJob('contest').submissionId, submissionJob('practice').submissionId, 'run', submissionJob('rejudge').submissionId],
  )
  await lanes.stop()
  await bus.close()
})
const submissionJob = (lane: 'contest' | 'practice' | 'rejudge'): EvaluationJob => ({
  submissionId: `00000000-0000-7000-8000-0000000000${{ contest: '0a', practice: '0b', rejudge: '0c' }[lane]}`,
  attempt: 1,
  userId: id,
  contestId: null,
  problemId: id,
  problemVersion: 1,
  kind: 'program',
  lane,
  stopAtFirstFailure: false,
  language: 'python',
  source: 'print()',
  answer: null,
  submittedAt: job.expiresAt,
})

describe('a program tried in a real sandbox', { skip: noTestSandbox }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-runs-'))
  let sandbox: Sandbox
  before(async () => {
    sandbox = await openTestSandbox(join(folder, 'boxes'))
  })
  after(async () => {
    await sandbox?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const tried = (language: string, source: string, more: Partial<RunJob> = {}): Promise<RunReport> =>
    runInput({ source: problemOf(program), sandbox }, { ...job, language, source, input: '1 2\n', ...more }, { signal: new AbortController().signal })
  const withProblem = { problem: { id, version: 1 } }

  it('shows what C++ and Python print, on both streams, with what they used', async () => {
    const cpp = await tried('cpp', '#include <iostream>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b<<"\\n";std::cerr<<"é";return 3;}')
    assert.deepEqual([cpp.outcome, cpp.exitCode, cpp.stdout, cpp.stderr], ['exited', 3, '3\n', 'é'])
    assert.ok(cpp.wallMs >= 0 && cpp.memoryBytes > 0)
    const python = await tried('python', 'print(sum(map(int, input().split())))')
    assert.deepEqual([python.outcome, python.exitCode, python.stdout], ['exited', 0, '3\n'])
  })
  it('of a problem with a grader the grader calls it', async () => {
    const grader = { name: 'grader.py', digest: 'a'.repeat(64), bytes: 1 }
    const judging = { ...program, mode: 'function' as const, graders: { python: [grader] } }
    const hold = async () => ({ path: '', content: Buffer.from('import solution\nprint(solution.twice(int(input().split()[1])))'), release: () => undefined })
    const source = { ...problemOf(judging), hold }
    const run: RunJob = { ...job, ...withProblem, language: 'python', source: 'def twice(n): return 2 * n', input: '1 2\n' }
    const report = await runInput({ source, sandbox }, run, { signal: new AbortController().signal })
    assert.deepEqual([report.outcome, report.stdout], ['exited', '4\n'])
  })
  it('yields the input to the byte, an empty one too', async () => {
    const echo = 'import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())'
    const input = `${'é😀\t'.repeat(9362)}\r\n`
    assert.equal((await tried('python', echo, { input })).stdout, input)
    assert.equal((await tried('python', echo, { input: '' })).stdout, '')
  })
  it('shows why a source is no program, also where nothing is compiled', async () => {
    for (const [language, source, says] of [
      ['cpp', 'int main(){ return x; }', /‘x’|'x'/],
      ['python', 'print("a"\nif:', /SyntaxError/],
    ] as const) {
      const { outcome, compileLog, stdout } = await tried(language, source)
      assert.deepEqual([outcome, stdout], ['compileFailed', ''])
      assert.match(compileLog ?? '', says)
    }
  })
  it('shows a traceback, and that of a crash the signal', async () => {
    const python = await tried('python', 'print("so far")\n1 / 0')
    assert.deepEqual([python.outcome, python.exitCode, python.stdout], ['exited', 1, 'so far\n'])
    assert.match(python.stderr, /ZeroDivisionError/)
    const c = await tried('c', '#include <stdlib.h>\nint main(void){abort();}')
    assert.deepEqual([c.outcome, c.signal], ['signalled', 6])
  })
  it('names the limit that was missed, the problem’s own', async () => {
    const loop = await tried('c', 'int main(void){for(volatile int i=0;;i++);}', withProblem)
    assert.deepEqual([loop.outcome, loop.limits.cpuMs], ['cpuExceeded', 300])
    const memory = await tried('c', '#include <stdlib.h>\n#include <string.h>\nint main(void){for(;;)memset(malloc(1<<20),1,1<<20);}', withProblem)
    assert.ok(memory.outcome === 'memoryExceeded', memory.outcome)
  })
  it('keeps the first 64 KiB of a long output, and says that there was more', async () => {
    const long = await tried('python', 'print("é" * 100_000)')
    assert.deepEqual([long.outcome, long.stdoutTruncated, Buffer.byteLength(long.stdout)], ['exited', true, runOutputBytes])
    const flood = await tried('c', '#include <unistd.h>\nint main(void){static char b[65536];for(;;)write(1,b,sizeof b);}')
    assert.deepEqual([flood.outcome, flood.stdoutTruncated], ['outputExceeded', true])
    assert.equal(flood.stdout, '\ufffd'.repeat(runOutputBytes), 'NUL bytes can neither be stored nor shown')
  })
})
