/**
 * How many facts a second one board takes: `npm run bench -- board-writer`, about half a minute. Facts of one contest are kept under the contest's lock,
 * so replicas do not help: this figure bounds a single contest, whatever its size. Those that wait are kept together, so it depends on how many do:
 * rounds alternate between one (a transaction a fact), eight, and the sixty-four that a replica holds. fsync is on. The view beside it is not measured
 * here. Prints a line of JSON for each: the median of five rounds, the least and the most, statements and CPU for each fact.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { openPostgres } from '#adapters/db-postgres'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { contestPublished, registrationChanged } from '#contracts/contest'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { handlerOf } from '#kit/consume-events'
import { migrationsIn } from '#kit/migrations'
import type { Db } from '#ports/db'
import { silentLog as log } from '#ports/log'
import type { Boards } from '#services/leaderboard/src/boards'
import { consumers } from '#services/leaderboard/src/consumers'

const participants = 2_000
const factsARound = 2_000
const rounds = 5
const heldAtOnce = [1, 8, 64]
/** Of the leaderboard service's pool. */
const maxConnections = 4

const folder = await mkdtemp('/tmp/arena-bench-')
const embedded = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log })
const server = await openPostgres(embedded.url, { log })
try {
  const migrations = migrationsIn(new URL('../services/leaderboard/src/migrations/', import.meta.url))
  const { db, statements } = counted(await server.openFor('leaderboard', migrations, { maxConnections }))
  const start = Date.now() - 3_600_000
  const clock = { now: () => Date.now() } as Parameters<typeof consumers>[0]['clock']
  const view = { touch: () => undefined } as unknown as Boards // catches up after the commit, outside of the lock
  const handle = handlerOf('bench', consumers({ clock, boards: view }), db)
  const hear = (topic: string, payload: object) => handle({ id: v7(), topic, occurredAt: new Date().toISOString(), payload })
  const inTurn = async (count: number, atOnce: number, work: (at: number) => Promise<unknown>) => {
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
  await inTurn(participants, 64, (at) => hear(registrationChanged.topic, { contestId, userId: users[at], startedAt: startsAt, endsAt: null }))

  /** As a contest is: each accept is followed by its verdict. */
  const oneRound = (round: number, atOnce: number) =>
    inTurn(factsARound / 2, atOnce, async (at) => {
      const { problemId, label } = problems[(at + round) % problems.length] as (typeof problems)[number]
      const fact = { submissionId: v7(), userId: users[(at * 7 + round) % participants], contestId, problemId, submittedAt: new Date().toISOString() }
      await hear(submissionAccepted.topic, fact)
      const verdict = at % 3 === 0 ? { verdict: 'AC', score: 100 } : { verdict: 'WA', score: 0 }
      await hear(submissionJudged.topic, { ...fact, attempt: 1, label, kind: 'program', ...verdict, judgedAt: fact.submittedAt, held: false })
    })
  const measured = heldAtOnce.map((atOnce) => ({ atOnce, perSecond: [] as number[], statements: 0, ownCpuUs: 0, serverCpuMs: 0 }))
  for (let round = 0; round < rounds; round++) {
    for (const [turn, one] of measured.entries()) {
      const before = { at: performance.now(), statements: statements(), own: process.cpuUsage(), serverMs: serverCpuMs() }
      await oneRound(round * measured.length + turn, one.atOnce)
      one.perSecond.push(Math.round((factsARound * 1000) / (performance.now() - before.at)))
      one.statements += statements() - before.statements
      const own = process.cpuUsage(before.own)
      one.ownCpuUs += own.user + own.system
      one.serverCpuMs += serverCpuMs() - before.serverMs
    }
  }
  const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? '?'}`
  for (const one of measured) {
    const sorted = one.perSecond.toSorted((a, b) => a - b)
    const facts = factsARound * rounds
    const [median, least, most] = [sorted[rounds >> 1], sorted[0], sorted.at(-1)]
    const each = {
      statements: +(one.statements / facts).toFixed(2),
      cpuUs: Math.round(one.ownCpuUs / facts),
      serverCpuUs: Math.round((one.serverCpuMs * 1000) / facts),
    }
    console.log(JSON.stringify({ machine, participants, held: one.atOnce, facts_per_second_one_board: median, least, most, each_fact: each }))
  }
} finally {
  await server.close()
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Begin and commit count as well. */
function counted(db: Db): { db: Db; statements: () => number } {
  let statements = 0
  const counting: Db = {
    ...db,
    transaction: (work) => {
      statements += 2
      return db.transaction((tx) => {
        const query: typeof tx.query = (sql, params) => {
          statements++
          return tx.query(sql, params)
        }
        return work({ ...tx, query })
      })
    },
  }
  return { db: counting, statements: () => statements }
}

/** What the database server has used, which is all below this process, from /proc in ticks of 10 ms. */
function serverCpuMs(): number {
  const all = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [pid, statOf(pid)]),
  )
  const isBelow = (pid: string | undefined): boolean => {
    const parent = all.get(pid ?? '')?.[1]
    return parent !== undefined && (parent === String(process.pid) || isBelow(parent))
  }
  const ticks = [...all].filter(([pid]) => isBelow(pid)).reduce((sum, [, stat]) => sum + Number(stat[11]) + Number(stat[12]), 0)
  return ticks * 10
}
/** Fields of proc(5) from the third, `state`, on; none for a process that has ended. */
function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return []
  }
}
