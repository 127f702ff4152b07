/**
 * How many facts a second one board takes: `npm run bench -- board-writer`, some twenty seconds. Facts of one contest are kept one after another, under
 * the contest's lock, so replicas do not help: this figure bounds a single contest, whatever its size. fsync is on; consumers as a replica has (eight).
 * The view beside it is not measured here. Prints one line of JSON: the median of five rounds, and the least and the most.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { openPostgres } from '#adapters/db-postgres'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { contestPublished, registrationChanged } from '#contracts/contest'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { migrationsIn } from '#kit/migrations'
import { markSeen } from '#kit/outbox'
import { silentLog as log } from '#ports/log'
import type { Boards } from '#services/leaderboard/src/boards'
import { consumers } from '#services/leaderboard/src/consumers'

const participants = 2_000
const factsARound = 2_000
const rounds = 5
const atOnce = 8

const folder = await mkdtemp('/tmp/arena-bench-')
const embedded = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log })
const server = await openPostgres(embedded.url, { log })
try {
  const migrations = migrationsIn(new URL('../services/leaderboard/src/migrations/', import.meta.url))
  const db = await server.openFor('leaderboard', migrations, { maxConnections: atOnce })
  const start = Date.now() - 3_600_000
  const clock = { now: () => Date.now() } as Parameters<typeof consumers>[0]['clock']
  const view = { touch: () => undefined } as unknown as Boards // catches up after the commit, outside of the lock
  const handlers = new Map(consumers({ clock, boards: view }).map((each) => [each.topic, each.handle]))
  /** As a consumer of the kit does: the mark of the inbox and the fact in one transaction. */
  const hear = (topic: string, payload: object) =>
    db.transaction(async (tx) => {
      const event = { id: v7(), occurredAt: new Date().toISOString() }
      if (await markSeen(tx, event.id)) await handlers.get(topic)?.(tx, payload as never, event)
    })
  const inTurn = async (count: number, work: (at: number) => Promise<unknown>) => {
    let next = 0
    const one = async () => {
      while (next < count) await work(next++)
    }
    await Promise.all(Array.from({ length: atOnce }, one))
  }

  const contestId = v7()
  const problems = ['A', 'B', 'C', 'D'].map((label) => ({ problemId: v7(), version: 1, label, title: label, kind: 'program', points: 100, maxAttempts: null }))
  const [startsAt, endsAt] = [start, start + 7_200_000].map((at) => new Date(at).toISOString()) as [string, string]
  const times = { timing: 'window', startsAt, endsAt, durationMinutes: null, freezeAt: null, penaltyMinutes: 20, feedback: 'now' }
  const snapshot = {
    contestId,
    revision: 1,
    title: 'Bench',
    subject: 'mixed',
    format: 'icpc',
    ...times,
    ownerId: v7(),
    archived: false,
    deleted: false,
    problems,
  }
  await hear(contestPublished.topic, snapshot)
  const users = Array.from({ length: participants }, () => v7())
  await inTurn(participants, (at) => hear(registrationChanged.topic, { contestId, userId: users[at], startedAt: startsAt, endsAt: null }))

  const perSecond: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    await inTurn(factsARound / 2, async (at) => {
      const { problemId, label } = problems[(at + round) % problems.length] as (typeof problems)[number]
      const fact = { submissionId: v7(), userId: users[(at * 7 + round) % participants], contestId, problemId, submittedAt: new Date().toISOString() }
      await hear(submissionAccepted.topic, fact)
      const verdict = at % 3 === 0 ? { verdict: 'AC', score: 100 } : { verdict: 'WA', score: 0 }
      await hear(submissionJudged.topic, { ...fact, attempt: 1, label, kind: 'program', ...verdict, judgedAt: fact.submittedAt, held: false })
    })
    perSecond.push(Math.round((factsARound * 1000) / (performance.now() - startedAt)))
  }
  const sorted = perSecond.toSorted((a, b) => a - b)
  const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? '?'}`
  console.log(JSON.stringify({ machine, participants, facts_per_second_one_board: sorted[rounds >> 1], least: sorted[0], most: sorted.at(-1) }))
} finally {
  await server.close()
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
}
