import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { v7 } from 'uuid'
import { instant, toIso } from '#kernel/time'
import { migrationsIn } from '#kit/migrations'
import { openServiceDb } from '#testkit/service-harness'
import { tellUnsettledAgain } from '../src/operations.ts'

type Opened = Awaited<ReturnType<typeof openServiceDb>>
let db: Opened['db']
let close: Opened['close']
before(async () => {
  ;({ db, close } = await openServiceDb('submission', migrationsIn(new URL('../src/migrations/', import.meta.url))))
})
after(() => close())

const noon = instant(Date.parse('2026-03-01T12:00:00Z'))
const minutesBeforeNoon = (minutes: number) => toIso(instant(noon - minutes * 60_000))

async function toldEvent(topic: string, payload: object, at: string): Promise<void> {
  await db.query('insert into outbox (id, topic, payload, occurred_at, published_at) values ($1, $2, $3, $4, $4)', [v7(), topic, JSON.stringify(payload), at])
}
async function judged(submissionId: string, attempt: number): Promise<void> {
  await db.query(
    `insert into submissions (id, user_id, problem_id, problem_version, kind, lane, stop_at_first_failure, submitted_at, status)
     values ($1, $1, $1, 1, 'program', 'contest', false, now(), 'judged')`,
    [submissionId],
  )
  await db.query(
    `insert into judgements (submission_id, attempt, verdict, score, cpu_ms, wall_ms, memory_bytes, tests, provenance, stages, judged_at)
     values ($1, $2, 'AC', 100, 1, 1, 1, '[]', '{}', '{}', now())`,
    [submissionId, attempt],
  )
}

it('tells again what was told since then, but no job that was judged and no run that nobody waits for', async () => {
  const submissionId = v7()
  await judged(submissionId, 1)
  const job = (attempt: number) => ({ submissionId, attempt })
  await toldEvent('submission.queued.v1.contest', job(1), minutesBeforeNoon(5))
  await toldEvent('submission.queued.v1.rejudge', job(2), minutesBeforeNoon(4))
  await toldEvent('submission.judged.v1', job(1), minutesBeforeNoon(3))
  await toldEvent('run.queued.v1', { runId: v7() }, minutesBeforeNoon(2))
  const runId = v7()
  await db.query(`insert into runs (id, user_id, created_at, status, body_digest) values ($1, $1, now(), 'queued', '')`, [runId])
  await toldEvent('run.queued.v1', { runId }, minutesBeforeNoon(1))
  await toldEvent('submission.accepted.v1', { submissionId }, minutesBeforeNoon(90))
  assert.equal(await tellUnsettledAgain(db, instant(noon - 3_600_000)), 3)
  const { rows } = await db.query<{ topic: string }>('select topic from outbox where published_at is null order by occurred_at')
  assert.deepEqual(
    rows.map(({ topic }) => topic),
    ['submission.queued.v1.rejudge', 'submission.judged.v1', 'run.queued.v1'],
  )
})
