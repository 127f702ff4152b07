/**
 * What goes on while a part is down, what waits, and that nothing is lost once it is back: the last column of the table of services in the design, one test
 * a service. Each part is ended in order (SIGTERM, exit 0) unless the test says kill.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { ArenaClient } from '#testkit/arena'
import { type ManyPart, workers } from '#testkit/arena-many'
import { manyForTests } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { aPlusB, gravity, solutions } from '../problems.ts'

const arena = await manyForTests()
const timeout = 120_000
/** A broker or a lease may have to run out first; a loaded machine takes its time. */
const patienceMs = 60_000

/** Ends parts in order, does the work, and has them back whatever came of it. */
async function without(parts: readonly ManyPart[], work: () => Promise<void>): Promise<void> {
  for (const part of parts) assert.deepEqual(await arena.end(part), { code: 0, signal: null }, `${part} did not end in order`)
  try {
    await work()
  } finally {
    for (const part of parts) await arena.restart(part)
  }
}

describe('with a part down', () => {
  let teacher: ArenaClient
  let student: ArenaClient
  let contestId: string
  let code: { contestId: string; problemId: string; language: string; source: string }
  let answer: { contestId: string; problemId: string; answer: { value: string; unit: string } }

  before(async () => {
    teacher = await arena.as('teacher')
    student = await arena.as('student')
    const [program, quiz] = [await teacher.createProblem(aPlusB), await teacher.createProblem(gravity)]
    contestId = (await teacher.createContest({ problems: [program, quiz].map((problemId) => ({ problemId, maxAttempts: 50 })) })).id
    await student.join(contestId)
    code = { contestId, problemId: program, language: 'python', source: solutions.python }
    answer = { contestId, problemId: quiz, answer: { value: '9.81', unit: 'm/s^2' } }
    // each worker, of one slot, has seen the program's problem, and each service the keys that tokens are checked by
    for (let turn = 0; turn < 2; turn++) {
      const ids = await Promise.all([student.submit(slow()), student.submit(slow())])
      await Promise.all(ids.map((id) => student.waitForVerdict(id, patienceMs)))
    }
    await student.judged(answer, patienceMs)
    await boardHas(student, 2)
  })
  const slow = () => ({ ...code, source: `import time\ntime.sleep(1)\n${solutions.python}` })
  const boardHas = (who: ArenaClient, solved: number) =>
    eventually(async () => {
      const { rows } = await who.ok('GET /api/leaderboard/:contestId', { params: { contestId }, query: {} })
      const row = rows.find(({ userId }) => userId === who.user.id)
      assert.equal(row?.cells.filter((cell) => cell.solved).length, solved)
    }, patienceMs)
  const refuses = async (who: ArenaClient, path: string, method = 'GET') => {
    const { status, body } = await who.raw(method, path, method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: '{}' })
    assert.deepEqual([status, body?.error?.code], [503, 'UNAVAILABLE'], `${method} ${path}`)
    assert.match(body.error.requestId, /\S/)
  }

  test('notifications: contests and judging go on, clients poll, messages wait and come when it is back', { timeout }, async () => {
    const other = await arena.as('student')
    await other.join(contestId)
    const socket = await other.socket()
    let id = ''
    await without(['notifications'], async () => {
      assert.equal((await socket.closed()).code, 1013)
      await refuses(other, '/api/notifications')
      id = await other.submit(code)
      assert.equal((await other.waitForVerdict(id, patienceMs)).verdict, 'AC')
      await boardHas(other, 1)
    })
    await eventually(async () => {
      const { notifications } = await other.ok('GET /api/notifications', { query: {} })
      assert.equal(notifications.filter(({ params }) => params.submissionId === id || params.id === id || JSON.stringify(params).includes(id)).length, 1)
    }, patienceMs)
    const again = await eventually(() => other.socket(), patienceMs)
    again.send({ type: 'resume', after: 0 })
    await again.waitFor((message) => message.type === 'submission.judged' && message.id === id, patienceMs)
    again.close()
  })

  test('leaderboard: contests and judging go on, and the board has it all when it is back', { timeout }, async () => {
    const other = await arena.as('student')
    await other.join(contestId)
    await without(['leaderboard'], async () => {
      await refuses(other, `/api/leaderboard/${contestId}`)
      assert.equal((await other.judged(answer, patienceMs)).verdict, 'AC')
      assert.equal((await other.judged(code, patienceMs)).verdict, 'AC')
    })
    await boardHas(other, 2)
    await boardHas(student, 2)
  })

  test('contest: no new contests; running ones go on, and what was not yet known waits', { timeout }, async () => {
    const fresh = await teacher.createProblem({ ...aPlusB, title: 'Never judged before', public: true })
    let waiting: string[] = []
    await without(['contest'], async () => {
      await refuses(teacher, '/api/contests', 'POST')
      assert.equal((await student.judged(code, patienceMs)).verdict, 'AC')
      waiting = [
        await student.submit(answer),
        await student.submit({ problemId: fresh, language: 'python', source: solutions.python }),
        await student.submit(code),
      ]
    })
    for (const each of waiting) assert.equal((await student.waitForVerdict(each, patienceMs)).verdict, 'AC')
    assert.equal((await teacher.createContest({ problems: [{ problemId: fresh }] })).title, 'A contest')
  })

  test('user: nobody can log in; who is logged in goes on', { timeout }, async () => {
    await without(['user'], async () => {
      await refuses(arena.client(), '/api/login', 'POST')
      assert.equal((await student.judged(code, patienceMs)).verdict, 'AC')
      await boardHas(student, 2)
      const socket = await student.socket()
      const id = await student.submit(answer)
      await socket.waitFor((message) => message.type === 'submission.judged' && message.id === id, patienceMs)
      socket.close()
    })
    await eventually(async () => void (await arena.client().login(student.user.username as string, student.password)), patienceMs)
  })

  test('evaluation: submissions wait and none is lost; one worker of two is enough', { timeout }, async () => {
    const waiting: string[] = []
    await without(workers, async () => {
      for (let n = 0; n < 6; n++) waiting.push(await student.submit(n % 2 ? code : answer))
      const { submission } = await student.ok('GET /api/submissions/:id', { params: { id: waiting[0] ?? '' } })
      assert.equal(submission.status, 'queued')
    })
    for (const id of waiting) assert.equal((await student.waitForVerdict(id, patienceMs)).verdict, 'AC')
    const atWork = await Promise.all([student.submit(slow()), student.submit(slow())])
    await arena.kill('evaluation-1')
    for (const id of atWork) assert.equal((await student.waitForVerdict(id, patienceMs)).verdict, 'AC')
    await arena.restart('evaluation-1')
  })

  test('submission: nothing is accepted; all else goes on, and a retry with the same key is the same submission', { timeout }, async () => {
    const key = 'a-key-of-this-test'
    const id = await student.submit(code, key)
    await without(['submission'], async () => {
      await refuses(student, '/api/submit', 'POST')
      await boardHas(student, 2)
      await student.ok('GET /api/contests/:id', { params: { id: contestId } })
    })
    assert.equal(await student.submit(code, key), id)
    assert.equal((await student.waitForVerdict(id, patienceMs)).verdict, 'AC')
  })

  test('the broker killed: submissions are accepted, and judged when it is back', { timeout }, async () => {
    const waiting: string[] = []
    await arena.broker.kill()
    try {
      for (let n = 0; n < 4; n++) waiting.push(await student.submit(n % 2 ? code : answer))
    } finally {
      await arena.broker.restart()
    }
    for (const id of waiting) assert.equal((await student.waitForVerdict(id, patienceMs)).verdict, 'AC')
    await boardHas(student, 2)
  })

  test('Redis killed, with all it held: boards and log-ins go on', { timeout }, async () => {
    await arena.cache.kill()
    try {
      await boardHas(student, 2)
      await arena.client().login(student.user.username as string, student.password)
      assert.equal((await student.judged(code, patienceMs)).verdict, 'AC')
    } finally {
      await arena.cache.start()
    }
    await boardHas(student, 2)
  })

  test('PostgreSQL killed: what was answered 202 is judged once when it is back', { timeout }, async () => {
    const accepted = [await student.submit(code), await student.submit(answer)]
    await arena.database.kill()
    await arena.database.restart()
    accepted.push(await eventually(() => student.submit(code), patienceMs))
    for (const id of accepted) assert.equal((await student.waitForVerdict(id, patienceMs)).verdict, 'AC')
    const rows = await arena.sql<{ n: number }>('select count(*)::int as n from submission.judgements where submission_id = any($1) group by submission_id', [
      accepted,
    ])
    assert.deepEqual(rows, Array(accepted.length).fill({ n: 1 }))
  })
})

test('nothing is left among the dead letters, and every queue is empty', { timeout }, async () => {
  const admin = await arena.as('admin')
  await eventually(async () => {
    const { queues } = await admin.ok('GET /api/admin/status', {})
    assert.deepEqual(
      queues.filter(({ waiting, leased, dead }) => waiting + leased + dead > 0),
      [],
    )
  }, patienceMs)
})

test('the demonstration is made once, by the user service through the contest service', { timeout }, async () => {
  const logins = join(arena.dataDir, 'user', 'first-logins.txt')
  for (let start = 0; start < 2; start++) {
    await arena.end('user')
    await arena.restart('user', { ARENA_DEMO: 'on' })
    await eventually(async () => {
      const [step] = await arena.sql<{ done: boolean }>(`select done_at is not null as done from "user".first_steps where name = 'demonstration'`)
      assert.ok(step?.done, 'it is not done')
    }, patienceMs)
  }
  assert.ok(existsSync(logins))
  const [, login = '', password = ''] =
    readFileSync(logins, 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .find(([who]) => who === 'teacher') ?? []
  const teacher = await arena.client().login(login, password)
  const { contests } = await teacher.ok('GET /api/contests', { query: { mine: true } })
  assert.ok(contests.length > 0)
  assert.equal(new Set(contests.map(({ title }) => title)).size, contests.length, 'a contest is there twice')
})
