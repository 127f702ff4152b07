/**
 * For a database that was restored without the queue that its events were told to: marks what was told as untold, so that the running service tells it
 * again. Consumers that had it take no notice. Jobs that were judged are left out, since judging knows no inbox and would do them all again.
 * Run as the service's own role.
 */
export const tellUnsettledAgainSql = `
  update outbox set published_at = null
  where published_at is not null and not (topic like 'submission.queued.%' and exists (
    select from judgements j where j.submission_id::text = payload->>'submissionId' and j.attempt::text = payload->>'attempt'))
  and topic not like 'run.queued.%'`
