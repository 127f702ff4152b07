import type { VerificationState } from '#contracts/verification'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { AskedRow, AskedSolution, SolutionOutcome } from './domain/verification.ts'

/** What problems' own solutions got; rows are parsed on the way in. */
export type StoredVerification = {
  readonly id: string
  readonly problemId: string
  readonly version: number
  readonly state: VerificationState
  readonly askedAt: Instant
}
type Row = { id: string; problem_id: string; version: number; state: VerificationState; asked_at: Date }
const columns = 'id, problem_id, version, state, asked_at'
const verificationOf = ({ id, problem_id, version, state, asked_at }: Row): StoredVerification => ({
  id,
  problemId: problem_id,
  version,
  state,
  askedAt: instantOf(asked_at),
})

/** In the place of the one there was of this version. */
export async function insertVerification(tx: Tx, verification: StoredVerification, rows: readonly AskedRow[]): Promise<void> {
  const { id, problemId, version, state, askedAt } = verification
  await tx.query('delete from verifications where problem_id = $1 and version = $2', [problemId, version])
  await tx.query(`insert into verifications (${columns}) values ($1, $2, $3, $4, $5)`, [id, problemId, version, state, toDate(askedAt)])
  const { solutions, outcomes } = {
    solutions: rows.map(({ solution }) => JSON.stringify(solution)),
    outcomes: rows.map(({ outcome }) => (outcome ? JSON.stringify(outcome) : null)),
  }
  await tx.query(
    `insert into verification_solutions (verification_id, position, solution, outcome)
     select $1, n - 1, solution::jsonb, outcome::jsonb from unnest($2::text[], $3::text[]) with ordinality as each (solution, outcome, n)`,
    [id, solutions, outcomes],
  )
}

/** Of this version, or the newest that was verified at all. */
export async function findVerification(db: Queryable, problemId: string, version?: number): Promise<StoredVerification | undefined> {
  const { rows } = await db.query<Row>(
    `select ${columns} from verifications where problem_id = $1 and version = coalesce($2, version) order by version desc limit 1`,
    [problemId, version ?? null],
  )
  return rows[0] && verificationOf(rows[0])
}
/** Nobody else keeps an outcome of it, or ends it, until the transaction ends. */
export async function lockVerification(tx: Tx, id: string): Promise<StoredVerification | undefined> {
  const { rows } = await tx.query<Row>(`select ${columns} from verifications where id = $1 for update`, [id])
  return rows[0] && verificationOf(rows[0])
}
/** The oldest first. */
export async function listRunning(db: Queryable, most: number): Promise<StoredVerification[]> {
  const { rows } = await db.query<Row>(`select ${columns} from verifications where state = 'running' order by asked_at, id limit $1`, [most])
  return rows.map(verificationOf)
}
export const endVerification = (tx: Tx, id: string, state: VerificationState) => tx.query('update verifications set state = $2 where id = $1', [id, state])

export async function listAsked(db: Queryable, verificationId: string): Promise<AskedRow[]> {
  const { rows } = await db.query<{ solution: AskedSolution; outcome: SolutionOutcome | null }>(
    'select solution, outcome from verification_solutions where verification_id = $1 order by position',
    [verificationId],
  )
  return rows.map(({ solution, outcome }) => ({ solution, outcome: outcome ?? undefined }))
}

export type Waiting = { readonly position: number; readonly solution: AskedSolution }
/** The next ones to be given to the judge, so that it has `window` of them at most. */
export async function listWaiting(db: Queryable, verificationId: string, window: number): Promise<Waiting[]> {
  const { rows } = await db.query<Waiting>(
    `select position, solution from verification_solutions where verification_id = $1 and queued_at is null and outcome is null order by position
     limit greatest(0, $2::integer - (select count(*) from verification_solutions where verification_id = $1 and queued_at is not null and outcome is null))`,
    [verificationId, window],
  )
  return rows
}
/** @returns false when another replica has given it away, or it is answered. */
export async function markQueued(tx: Tx, verificationId: string, position: number, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update verification_solutions set queued_at = $3 where verification_id = $1 and position = $2 and queued_at is null and outcome is null',
    [verificationId, position, toDate(now)],
  )
  return rowCount === 1
}
/** The first outcome is kept. `position` undefined: of all that have none. */
export async function settleSolutions(tx: Tx, verificationId: string, position: number | undefined, outcome: SolutionOutcome): Promise<void> {
  await tx.query('update verification_solutions set outcome = $3 where verification_id = $1 and position = coalesce($2, position) and outcome is null', [
    verificationId,
    position ?? null,
    JSON.stringify(outcome),
  ])
}
