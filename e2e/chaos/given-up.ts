/**
 * A job that was interrupted fifteen times is given up: a fault of ours, told to its author, its work among the dead letters for staff (docs/adr/0035). That
 * is a promise broken, since nothing here is the program's doing; so that the others can still be asked, staff does what it would do: retries.
 */
import assert from 'node:assert/strict'
import { eventually } from '#testkit/eventually'
import type { Kept, Settled, Sql } from './promises.ts'

const noneGivenUp = 'no job is given up'
const settlesWithinMs = 180_000
const buriedWithinMs = 30_000

/** Retries what was given up, once no submission waits for a judge any more. Other dead letters are left for the promises to find. */
export async function retryGivenUp(sql: Sql, { admin, ledger }: Settled): Promise<Kept> {
  const ids = ledger.accepted.map(({ id }) => id)
  const having = async (status: 'queued' | 'fault') =>
    (await sql<{ n: number }>(`select count(*)::int as n from submission.submissions where id = any($1) and status = $2`, [ids, status]))[0]?.n ?? 0
  // what does not come is told by the promise that all are judged
  await eventually(async () => assert.equal(await having('queued'), 0), settlesWithinMs).catch(() => undefined)
  const letters = async () => {
    const { deadLetters } = await admin.ok('GET /api/admin/dead-letters')
    return deadLetters.filter(({ queue, reason }) => queue.startsWith('evaluation.') && !reason.startsWith('not a job'))
  }
  // a job is buried just after its fault is told
  const faults = await having('fault')
  await eventually(async () => assert.ok((await letters()).length >= faults), buriedWithinMs).catch(() => undefined)
  const given = await letters()
  for (const { id } of given) await admin.ok('POST /api/admin/dead-letters/:id/retry', { params: { id } })
  return {
    promise: noneGivenUp,
    holds: given.length === 0,
    detail: given.length === 0 ? '' : `${given.length} were, and staff retried them: ${given.map(({ reason }) => reason.split('\n')[0]).join('; ')}`,
  }
}
