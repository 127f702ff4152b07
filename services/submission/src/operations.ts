import { type Instant, toIso } from '#kernel/time'
import type { Db } from '#ports/db'

/**
 * For a queue that was lost, or left behind by a restore: marks what was told as untold, so that the running service, or the next start of it, tells it
 * again. Consumers that had it take no notice. Jobs that were judged, and runs that nobody waits for, are left out: judging knows no inbox and would do them all
 * again. To be run as the service's own role.
 */
export const tellUnsettledAgainSql = `
  update outbox set published_at = null
  where published_at is not null and not (topic like 'submission.queued.%' and exists (
    select from judgements j where j.submission_id::text = payload->>'submissionId' and j.attempt::text = payload->>'attempt'))
  and not (topic like 'run.queued.%' and not exists (
    select from runs r where r.id::text = payload->>'runId' and r.status = 'queued'))`

/** @returns how many that were written since then will be told again. */
export async function tellUnsettledAgain(db: Db, since: Instant): Promise<number> {
  const { rowCount } = await db.query(`${tellUnsettledAgainSql} and occurred_at >= $1`, [toIso(since)])
  return rowCount
}
