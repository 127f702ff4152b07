/** What must be true when the dust has settled. Each promise is asked again and again until it holds or its time is over. */
import assert from 'node:assert/strict'
import type pg from 'pg'
import type { ArenaClient } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { retryGivenUp } from './given-up.ts'
import type { Ground } from './ground.ts'
import { openEye } from './hold.ts'
import type { Ledger, Pupil } from './pupils.ts'
import { type Contest, type Judged, replayRow } from './replay.ts'

export type Kept = { readonly promise: string; readonly holds: boolean; readonly detail: string }
export type Settled = {
  readonly ground: Ground
  readonly ledger: Ledger
  readonly pupils: readonly Pupil[]
  readonly contests: readonly Contest[]
  /** Logged in just now. */
  readonly admin: ArenaClient
}
type Promised = { readonly promise: string; readonly withinMs: number; readonly holds: (sql: Sql, settled: Settled) => Promise<string> }
export type Sql = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>

/** Retries with growing delay may be under way. */
const settlesWithinMs = 180_000
const soonMs = 60_000

export async function askPromises(settled: Settled): Promise<readonly Kept[]> {
  const connection = await openEye(settled.ground.readerUrl())
  const sql: Sql = async (text, values = []) => (await connection.query(text, values)).rows
  try {
    const kept: Kept[] = []
    const givenUp = await retryGivenUp(sql, settled)
    for (const { promise, withinMs, holds } of promises) {
      // once one is broken there is nothing to wait for: what is missing is missing in the next as well
      const patienceMs = kept.every((each) => each.holds) ? withinMs : Math.min(withinMs, 3_000)
      const detail = await eventually(() => holds(sql, settled), patienceMs).then(
        (said) => ({ holds: true, detail: said }),
        (cause: unknown) => ({ holds: false, detail: cause instanceof Error ? cause.message.slice(0, 2_000) : String(cause) }),
      )
      kept.push({ promise, ...detail })
    }
    return [givenUp, ...kept]
  } finally {
    await connection.end()
  }
}

const promises: readonly Promised[] = [
  {
    promise: 'every accepted submission is judged',
    withinMs: settlesWithinMs,
    async holds(sql, { ledger }) {
      const rows = await sql<{ id: string; status: string }>(`select id, status from submission.submissions where id = any($1)`, [idsOf(ledger)])
      assert.deepEqual(
        rows.filter(({ status }) => status !== 'judged'),
        [],
      )
      assert.equal(rows.length, ledger.accepted.length, 'a submission is lost')
      return `${rows.length} of ${ledger.accepted.length}`
    },
  },
  {
    promise: 'each has one judgement, its own verdict, and its key one submission',
    withinMs: 0,
    async holds(sql, { ledger }) {
      const rows = await sql<{ id: string; user_id: string; idempotency_key: string; attempt: number; verdicts: string[] }>(
        `select s.id, s.user_id, s.idempotency_key, s.attempt, array_agg(j.verdict) as verdicts
         from submission.submissions s left join submission.judgements j on j.submission_id = s.id group by s.id`,
      )
      const found = new Map(rows.map((row) => [row.id, [row.user_id, row.idempotency_key, row.attempt, ...row.verdicts].join(' ')]))
      const wrong = ledger.accepted.filter(({ id, key, userId, verdict }) => found.get(id) !== [userId, key, 1, verdict].join(' '))
      assert.deepEqual(
        wrong.slice(0, 5).map(({ id, key, verdict }) => `${key}: ${found.get(id)} instead of ${verdict}`),
        [],
        `${wrong.length} are not as they should be`,
      )
      assert.equal(rows.length, ledger.accepted.length, 'there are submissions that nobody was told of')
      assert.deepEqual(ledger.broken, [])
      return `${rows.length} submissions, ${ledger.accepted.filter(({ isDoubled }) => isDoubled).length} of them asked for twice`
    },
  },
  {
    promise: 'every event is published',
    withinMs: soonMs,
    async holds(sql) {
      const schemas = await sql<{ name: string }>(`select quote_ident(table_schema) as name from information_schema.tables where table_name = 'outbox'`)
      const left: string[] = []
      for (const { name } of schemas) {
        const [row] = await sql<{ n: number }>(`select count(*)::int as n from ${name}.outbox where published_at is null`)
        if (row?.n !== 0) left.push(`${row?.n} of ${name}`)
      }
      assert.deepEqual(left, [])
      return `${schemas.length} outboxes are empty`
    },
  },
  {
    promise: 'every queue is empty, and nothing is dead',
    withinMs: settlesWithinMs,
    async holds(_sql, { admin }) {
      const { queues } = await admin.ok('GET /api/admin/status')
      assert.deepEqual(
        queues.filter(({ waiting, leased, dead }) => waiting + leased + dead > 0),
        [],
      )
      return `${queues.length} queues`
    },
  },
  {
    promise: 'each acceptance and each verdict is one fact of the log',
    withinMs: soonMs,
    async holds(sql, { ledger }) {
      const rows = await sql<{ kind: string; all: number; different: number }>(
        `select kind, count(*)::int as all, count(distinct fact ->> 'submissionId')::int as different
         from leaderboard.log where kind in ('accepted', 'judged') group by kind order by kind`,
      )
      const n = ledger.accepted.length
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        ['accepted', 'judged'].map((kind) => ({ kind, all: n, different: n })),
      )
      return `${n} of each`
    },
  },
  {
    promise: 'each verdict is one message of an inbox',
    withinMs: soonMs,
    async holds(sql, { ledger }) {
      const [row] = await sql<{ all: number; different: number }>(
        `select count(*)::int as all, count(distinct params ->> 'submissionId')::int as different from notifications.messages where code = 'SUBMISSION_JUDGED'`,
      )
      assert.deepEqual({ ...row }, { all: ledger.accepted.length, different: ledger.accepted.length })
      return `${row?.all} messages`
    },
  },
  {
    promise: 'every socket heard each own verdict once',
    withinMs: soonMs,
    async holds(_sql, { ledger, pupils }) {
      const own = Map.groupBy(ledger.accepted, ({ userId }) => userId)
      for (const { client, listener } of pupils) {
        assert.deepEqual(listener.contradictions, [])
        const expected = (own.get(client.user.id) ?? []).map(({ id, verdict }) => `${id} ${verdict}`).sort()
        assert.deepEqual(
          [...listener.verdicts.values()].map(({ id, verdict }) => `${id} ${verdict}`).sort(),
          expected,
          `${client.user.username} did not hear all`,
        )
      }
      const sum = (pick: (pupil: Pupil) => number) => pupils.reduce((total, pupil) => total + pick(pupil), 0)
      return `${sum(({ listener }) => listener.verdicts.size)} heard by ${pupils.length} sockets in ${sum(({ listener }) => listener.counts.connections)} connections`
    },
  },
  {
    promise: 'every board is the replay of what is stored',
    withinMs: soonMs,
    holds: boardsAreReplays,
  },
  {
    promise: 'computing the boards again finds nothing',
    withinMs: 0,
    async holds(_sql, { ground }) {
      const said = await ground.rebuildBoards()
      assert.match(said, / 0 differed/, said)
      return said.trim().split('\n')[0] ?? ''
    },
  },
]

const idsOf = ({ accepted }: Ledger) => accepted.map(({ id }) => id)

async function boardsAreReplays(sql: Sql, { admin, contests, pupils }: Settled): Promise<string> {
  const judged = await sql<Judged>(
    `select s.id, s.user_id as "userId", s.contest_id as "contestId", s.problem_id as "problemId", s.submitted_at as "submittedAt", j.verdict
     from submission.submissions s join submission.judgements j on j.submission_id = s.id and j.attempt = s.attempt`,
  )
  let compared = 0
  for (const contest of contests) {
    const board = await admin.ok('GET /api/leaderboard/:contestId', { params: { contestId: contest.id }, query: { top: 1_000 } })
    assert.equal(board.rows.length, pupils.length)
    for (const row of board.rows) {
      const own = judged.filter(({ userId, contestId }) => userId === row.userId && contestId === contest.id)
      const expected = replayRow(contest, own)
      const cells = Object.fromEntries(
        [...expected.cells].map(([problemId, cell]) => [problemId, contest.format === 'icpc' ? cell : { ...cell, minute: undefined }]),
      )
      const shown = Object.fromEntries(
        row.cells.map(({ problemId, solved, score, attempts, minute }) => [
          problemId,
          { solved, score, attempts, minute: contest.format === 'icpc' && solved ? minute : undefined },
        ]),
      )
      assert.deepEqual(
        { score: row.score, penalty: row.penalty, cells: shown },
        { score: expected.score, penalty: expected.penalty, cells },
        `${row.userId} in ${contest.id}`,
      )
      assert.equal(
        row.cells.reduce((sum, { pending }) => sum + pending, 0),
        0,
        'something is still pending',
      )
      compared += 1
    }
  }
  return `${compared} rows of ${contests.length} boards`
}
