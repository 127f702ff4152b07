/**
 * A test of a running contest was wrong. It is mended, the contest is switched to the new version, what was handed in is judged once more, and in the middle
 * of that the worker and then all services are killed. Nothing is lost and nothing is shown before it is applied; then all of it counts at once.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { ServerMessage } from '#contracts/notifications'
import { arenaForTests } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { aPlusB } from './problems.ts'

const arena = await arenaForTests({ env: { ARENA_SANDBOX: 'native' } })
const teacher = await arena.as('teacher')
const wrongTests = [...aPlusB.tests, { input: '2 2\n', output: '5\n' }]
const rightTests = [...aPlusB.tests, { input: '2 2\n', output: '4\n' }]
const problemId = await teacher.createProblem({ ...aPlusB, tests: wrongTests })
const now = Date.now()
const contest = await teacher.createContest({
  format: 'icpc',
  timing: 'window',
  startsAt: new Date(now - 60_000).toISOString(),
  endsAt: new Date(now + 3_600_000).toISOString(),
  problems: [{ problemId, label: 'A' }],
})
const right = (n: number) => `# ${n}\na, b = map(int, input().split())\nprint(a + b)\n`
const wrong = (n: number) => `# ${n}\nprint(3)\n`
const pupils = await Promise.all(Array.from({ length: 6 }, () => arena.as('student')))
const sent: { id: string; isRight: boolean }[] = []
for (const [at, pupil] of pupils.entries()) {
  await pupil.join(contest.id)
  for (let n = 0; n < 4; n++) {
    const isRight = at < 4 && n === 3
    const id = await pupil.submit({ contestId: contest.id, problemId, language: 'python', source: (isRight ? right : wrong)(at * 10 + n) })
    assert.equal((await pupil.waitForVerdict(id)).verdict, 'WA')
    sent.push({ id, isRight })
  }
}
const [first] = pupils
assert.ok(first)
const socket = await first.socket()
after(() => socket.close())

const board = async () => (await arena.client().ok('GET /api/leaderboard/:contestId', { params: { contestId: contest.id } })).rows
const state = async (id: string) => (await teacher.ok('GET /api/rejudgings/:id', { params: { id } })).rejudging
const filter = { contestId: contest.id }

test('a mended test changes nothing of a contest that runs, until its staff switch it', async () => {
  await teacher.ok('PATCH /api/problems/:id', { params: { id: problemId }, body: { tests: rightTests } })
  const entry = async () => (await teacher.ok('GET /api/contests/:id', { params: { id: contest.id } })).contest.problems?.[0]
  assert.deepEqual([(await entry())?.version, (await entry())?.newestVersion], [1, 2])
  const id = await first.submit({ contestId: contest.id, problemId, language: 'python', source: right(99) })
  assert.equal((await first.waitForVerdict(id)).verdict, 'WA')
  sent.push({ id, isRight: true })
  await teacher.ok('POST /api/contests/:id/problems/:problemId/version', { params: { id: contest.id, problemId }, body: { version: 2 } })
  assert.equal((await entry())?.version, 2)
})

test('killed twice in the middle, all of it is judged once more, and nobody sees anything of it', { timeout: 400_000 }, async () => {
  const heard = socket.texts.length
  const { rejudging } = await eventually(async () => {
    const made = await teacher.ok('POST /api/rejudgings', { body: { filter, reason: 'the last test was wrong' } })
    return made
  })
  assert.equal(rejudging.total, sent.length)
  await eventually(async () => assert.ok((await state(rejudging.id)).judged >= 3), 120_000)
  await arena.kill('worker')
  await eventually(async () => assert.ok((await state(rejudging.id)).judged >= 8), 120_000)
  await arena.kill('services')
  await arena.restart()
  const ready = await eventually(async () => {
    const found = await state(rejudging.id)
    assert.equal(found.state, 'ready')
    return found
  }, 120_000)
  assert.deepEqual([ready.judged, ready.faults, ready.changed], [sent.length, 0, 5])
  for (const { id } of sent) assert.equal((await teacher.ok('GET /api/submissions/:id', { params: { id } })).submission.verdict, 'WA')
  assert.deepEqual(
    (await board()).map(({ score }) => score),
    [0, 0, 0, 0, 0, 0],
  )
  assert.ok(!socket.texts.slice(heard).some((text) => text.includes('submission.')), 'a pupil heard of it')
})

test('applied, the board is what the preview said, everybody hears of their own change, and old judgings stay', { timeout: 120_000 }, async () => {
  const [{ id } = { id: '' }] = (await teacher.ok('GET /api/rejudgings', { query: { contestId: contest.id } })).rejudgings
  const preview = await teacher.ok('GET /api/rejudgings/:id/board', { params: { id }, query: { contestId: contest.id } })
  assert.equal(preview.moved, 6, 'those who gain, and those whom they pass')
  const changes = (await teacher.ok('GET /api/rejudgings/:id/changes', { params: { id } })).submissions
  assert.deepEqual(new Set(changes.map(({ submissionId }) => submissionId)), new Set(sent.filter(({ isRight }) => isRight).map((each) => each.id)))
  const listening = await first.socket()
  after(() => listening.close())
  assert.equal((await teacher.ok('POST /api/rejudgings/:id/apply', { params: { id }, body: {} })).rejudging.state, 'applied')
  const mine = changes.find(({ userId }) => userId === first.user.id)?.submissionId ?? ''
  await listening.waitFor((message: ServerMessage) => message.type === 'submission.judged' && message.verdict === 'AC', 30_000)
  assert.equal((await first.ok('GET /api/submissions/:id', { params: { id: mine } })).submission.verdict, 'AC')
  await eventually(async () => {
    const rows = await board()
    for (const row of preview.rows) {
      const shown = rows.find(({ userId }) => userId === row.userId)
      assert.deepEqual({ rank: shown?.rank, score: shown?.score, penalty: shown?.penalty }, row.after)
    }
  }, 30_000)
  const { judgements } = await teacher.ok('GET /api/submissions/:id/judgements', { params: { id: mine } })
  assert.deepEqual(
    judgements.map(({ attempt, counts, verdict, provenance }) => [attempt, counts, verdict, provenance.problemVersion]),
    [
      [2, true, 'AC', 2],
      [1, false, 'WA', 1],
    ],
  )
  assert.notEqual(judgements[0]?.provenance.dataDigest, judgements[1]?.provenance.dataDigest)
})
