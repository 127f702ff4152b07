import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { arenaForTests, type RunningArena, startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { startTestPostgres } from '#testkit/postgres-server'
import { startTestS3 } from '#testkit/s3'
import { aPlusB, gravity } from './problems.ts'

const cli = join(import.meta.dirname, '..', 'apps', 'arena', 'src', 'cli.ts')
const folder = await mkdtemp(join(tmpdir(), 'arena-moves-'))
chmodSync(folder, 0o711) // the database's own uid must be able to pass
after(() => rm(folder, { recursive: true, force: true }))

/** The operator's tool; not waited for in step, since this process answers as the store. */
async function tool(dataDir: string, ...args: string[]): Promise<string> {
  const plain = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(ARENA_|NODE_TEST|TEST_)/.test(key)))
  const env = { ...plain, ARENA_DATA_DIR: dataDir }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = await once(child, 'close')
  assert.equal(code, 0, said)
  return said
}

const arena = await arenaForTests()
const teacher = await arena.as('teacher')
const student = await arena.as('student', 'Keza')
const programId = await teacher.createProblem(aPlusB)
const quizId = await teacher.createProblem(gravity)
const contest = await teacher.createContest({ format: 'points', problems: [{ problemId: quizId, maxAttempts: 10 }, { problemId: programId }] })
await student.join(contest.id)
const answer = (value: string) => student.submit({ contestId: contest.id, problemId: quizId, answer: { value, unit: 'm/s^2' } })
/** Others, who hand in all the time. */
const busy = await Promise.all(Array.from({ length: 3 }, () => arena.as('student')))
const practiceId = await teacher.createProblem({ ...gravity, public: true })
const judged: string[] = []
for (const value of ['9.81', '1', '2']) {
  const id = await answer(value)
  assert.equal((await student.waitForVerdict(id)).verdict, value === '9.81' ? 'AC' : 'WA')
  judged.push(id)
}
const backup = join(folder, 'backup.tar.gz')

/** What must be there after a restore: logins, verdicts, boards, test data. */
async function isTheSame(restored: RunningArena): Promise<void> {
  const again = await restored.client().login(student.user.username as string, student.password)
  for (const [at, id] of judged.entries()) {
    const { submission } = await again.ok('GET /api/submissions/:id', { params: { id } })
    assert.equal(submission.verdict, at === 0 ? 'AC' : 'WA')
  }
  const board = await again.ok('GET /api/leaderboard/:contestId', { params: { contestId: contest.id } })
  assert.equal(board.rows[0]?.userId, student.user.id)
  const setter = await restored.client().login(teacher.user.username as string, teacher.password)
  const hidden = await setter.ok('GET /api/problems/:id/tests/:index', { params: { id: programId, index: 2 } })
  assert.deepEqual([hidden.input, hidden.output], [aPlusB.tests[0]?.input, aPlusB.tests[0]?.output])
  const more = await again.judged({ contestId: contest.id, problemId: quizId, answer: { value: '9.81', unit: 'm/s^2' } })
  assert.equal(more.verdict, 'AC')
}

describe('everything an arena keeps', () => {
  test('is in a backup made while submissions come in, and each of them gets its verdict where it is restored', async () => {
    let isOver = false
    const accepted: string[] = []
    const submitting = busy.map(async (each) => {
      while (!isOver) {
        const id = await each.submit({ problemId: practiceId, answer: { value: '3' } })
        accepted.push(id)
        await each.waitForVerdict(id)
      }
    })
    await eventually(() => assert.ok(accepted.length > 20), 30_000)
    const before = accepted.length
    await tool(arena.dataDir, 'backup', backup)
    isOver = true
    await Promise.all(submitting)
    assert.equal(statSync(backup).mode & 0o777, 0o600)
    const dataDir = join(folder, 'restored')
    await tool(dataDir, 'restore', backup)
    const restored = await startArena({ dataDir })
    try {
      const unsettled = `select count(*)::int as n from submission.submissions where status <> 'judged'`
      await eventually(async () => assert.deepEqual(await restored.sql(unsettled), [{ n: 0 }]), 30_000)
      const kept = new Set((await restored.sql<{ id: string }>('select id from submission.submissions')).map(({ id }) => id))
      for (const id of [...judged, ...accepted.slice(0, before)]) assert.ok(kept.has(id), `${id} was accepted before the backup began`)
      await isTheSame(restored)
    } finally {
      await restored.stop()
    }
  })

  test('moves to another PostgreSQL and an S3 store with one command, which a running arena refuses', async () => {
    const postgres = await startTestPostgres()
    after(() => postgres.stop())
    const s3 = await startTestS3()
    const dataDir = join(folder, 'moved')
    const settings = { ARENA_DB_URL: postgres.url, ARENA_FILES_URL: s3.url(), ARENA_DATA_DIR: dataDir }
    const file = join(folder, 'new.env')
    writeFileSync(
      file,
      Object.entries(settings)
        .map(([key, value]) => `${key}='${value}'\n`)
        .join(''),
      { mode: 0o600 },
    )
    await assert.rejects(tool(arena.dataDir, 'move', '--to', file), /is running on .*stop it first/)
    await arena.end()
    assert.match(await tool(arena.dataDir, 'move', '--to', file), /Moved: .*From now on start the arena with the settings in/)
    const moved = await startArena({ dataDir, env: settings })
    try {
      await isTheSame(moved)
    } finally {
      await moved.stop()
    }
  })
})
