/** A program tried with an input of one's own, in a whole arena: what comes back, to whom, what it leaves alone, and that it ends whatever is killed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runsPerMinute } from '#services/submission/src/domain/run'
import { arenaOfSize, asOneSize } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { aPlusB, solutions } from './problems.ts'

const arena = await arenaOfSize()
const one = asOneSize(arena)
const teacher = await arena.as('teacher')
const problemId = await teacher.createProblem({ ...aPlusB, public: true })
const contest = await teacher.createContest({ problems: [{ problemId, maxAttempts: 1 }] })
const queueOfRuns = async () => {
  const { queues } = await (await arena.as('admin')).ok('GET /api/admin/status')
  return queues.find(({ queue }) => queue === 'evaluation.run') ?? { waiting: 0, leased: 0, dead: 0 }
}
const python = (source: string, input = '') => ({ language: 'python', source, input })
/** Still at work when it is looked for, and well within the standard limits of time. */
const slow = python('import time\ntime.sleep(3)\nprint("awake")')

test('Python and C++ print what they make of the input, in a contest and without a problem; nothing of it counts', async () => {
  const student = await arena.as('student')
  await student.join(contest.id)
  const socket = await student.socket()
  for (const [language, source] of [
    ['python', solutions.python],
    ['cpp', solutions.cpp],
  ] as const) {
    const id = await student.tryInput({ contestId: contest.id, problemId, language, source, input: '40 2\n' })
    const { message } = await socket.waitFor((told) => told.type === 'run.finished' && told.id === id)
    const run = await student.waitForRun(id)
    assert.deepEqual([run.status, run.outcome, run.exitCode, run.stdout, run.stderr], ['finished', 'exited', 0, '42\n', ''], run.compileLog)
    assert.deepEqual('message' in message && message.message, 'Your program came to its end')
    assert.equal(run.limits?.memoryBytes, aPlusB.limits.memoryBytes)
    assert.equal((await student.tried({ language, source, input: '1 1' })).stdout, '2\n')
  }
  socket.close()
  assert.deepEqual((await student.ok('GET /api/submissions')).submissions, [])
  assert.deepEqual(
    (await student.ok('GET /api/notifications')).notifications.map(({ code }) => code).filter((code) => code !== 'WELCOME'),
    [],
  )
  const board = await student.ok('GET /api/leaderboard/:contestId', { params: { contestId: contest.id } })
  assert.deepEqual(
    board.rows.flatMap(({ score, cells }) => [score, ...cells.map((cell) => cell.pending)]).filter((n) => n !== 0),
    [],
  )
  assert.equal((await student.judged({ contestId: contest.id, problemId, language: 'python', source: solutions.python })).verdict, 'AC')
})

test('another’s run is not there, nor anybody’s without a login', async () => {
  const student = await arena.as('student')
  const id = await student.tryInput(python('print(1)'))
  for (const by of [await arena.as('student'), teacher, await arena.as('admin')]) {
    const answer = await by.call('GET /api/runs/:id', { params: { id } })
    assert.deepEqual([answer.status, answer.body.error.code], [404, 'RUN_NOT_FOUND'])
  }
  assert.equal((await arena.client().call('GET /api/runs/:id', { params: { id } })).status, 401)
  assert.equal((await arena.client().call('POST /api/runs', { body: python('print(1)') })).status, 401)
})

test('whatever bytes a program prints, the answer can be stored and read', async () => {
  const student = await arena.as('student')
  const run = await student.tried(
    python(
      'import sys\nsys.stdout.buffer.write(b"\\0\\xff\\xc3(\\xed\\xa0\\x80\\x1b[2J\\n" + bytes(range(256)) * 300)\nsys.stderr.buffer.write(b"\\0" * 70000)',
    ),
  )
  assert.deepEqual([run.outcome, run.stdoutTruncated, run.stderrTruncated], ['exited', true, true])
  assert.ok(run.stdout?.startsWith('\ufffd\ufffd\ufffd(\ufffd\ufffd\ufffd\ufffd[2J\n') && run.stdout.isWellFormed())
  assert.match(run.stderr ?? '', /^\ufffd+$/)
})

test('a burst gives one run, and the pace has its bound', async () => {
  const student = await arena.as('student')
  const answers = await Promise.all(Array.from({ length: 8 }, () => student.call('POST /api/runs', { body: slow })))
  assert.equal(answers.filter(({ status }) => status === 202).length, 1)
  for (const answer of answers.filter(({ status }) => status !== 202)) {
    assert.deepEqual([answer.status, answer.body.error.code], [429, 'RUN_PENDING'])
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
  }
  assert.ok(runsPerMinute >= 8, 'else a pupil could not try a handful of inputs')
})

if (one)
  describe('kill -9 while a program is tried', () => {
    const isAtWork = () => eventually(async () => assert.equal((await queueOfRuns()).leased, 1))
    const isQuiet = () =>
      eventually(async () => {
        const { waiting, leased, dead } = await queueOfRuns()
        assert.deepEqual([waiting, leased, dead], [0, 0, 0])
      }, 20_000)

    test('of the worker: it is run again, and has one answer', { timeout: 90_000 }, async () => {
      await isQuiet()
      const student = await arena.as('student')
      const socket = await student.socket()
      const id = await student.tryInput(slow)
      await isAtWork()
      await one.kill('worker')
      const run = await student.waitForRun(id, 60_000)
      assert.deepEqual([run.status, run.outcome, run.stdout], ['finished', 'exited', 'awake\n'])
      await socket.waitFor((told) => told.type === 'run.finished' && told.id === id)
      await isQuiet()
      assert.equal(socket.messages.filter(({ message }) => message.type === 'run.finished').length, 1)
      socket.close()
    })

    test('of the services: what was taken is answered once they are back', { timeout: 90_000 }, async () => {
      await isQuiet()
      const student = await arena.as('student')
      const id = await student.tryInput(slow)
      await one.kill('services')
      await one.restart()
      assert.equal((await student.waitForRun(id, 60_000)).stdout, 'awake\n')
      await isQuiet()
    })
  })
