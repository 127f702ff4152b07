import type { EventPayload } from '#contracts/route'
import { type Run, type RunFinished, type runAnswered, runFinished, runQueued } from '#contracts/runs'
import { fail, ok, type Result } from '#kernel/result'
import { instant, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { runGivenUpMs, runKeptMs } from '../domain/run.ts'
import { findRun, giveUpRuns, purgeRuns, settleRun } from '../store-runs.ts'

type Telling = Pick<Deps, 'fanout' | 'log'>

/** Stores what the judge told of a run and, after the commit, lets its author's sockets know. A second answer changes nothing. */
export async function keepAnswer(tx: Tx, { runId, outcome }: EventPayload<typeof runAnswered>, deps: Telling): Promise<void> {
  const report = outcome.type === 'ran' ? outcome.report : undefined
  const status = report ? 'finished' : 'fault'
  const userId = await settleRun(tx, runId, status, report)
  if (userId === undefined) return
  tx.afterCommit(() => tell(deps, { runId, userId, status, outcome: report?.outcome ?? null, exitCode: report?.exitCode ?? null }))
}

/** One's own run; to everybody else, staff included, it is not there. */
export async function readRun(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  id: string,
  caller: UserCaller,
): Promise<Result<{ run: Run; serverNow: string }, { code: 'RUN_NOT_FOUND' }>> {
  const row = await findRun(db, id)
  const now = clock.now()
  if (row?.userId !== caller.userId || row.createdAt <= now - runKeptMs) return fail({ code: 'RUN_NOT_FOUND' })
  return ok({ run: { id, status: row.status, createdAt: toIso(row.createdAt), ...row.report }, serverNow: toIso(now) })
}

/** Ends what no judge has answered, and forgets what is an hour old: rows, and the jobs in the log of events, which hold the sources. */
export async function tidyRuns({ db, clock, outbox, fanout, log }: Pick<Deps, 'db' | 'clock' | 'outbox'> & Telling): Promise<void> {
  const now = clock.now()
  await db.transaction(async (tx) => {
    for (const given of await giveUpRuns(tx, instant(now - runGivenUpMs)))
      tx.afterCommit(() => tell({ fanout, log }, { ...given, status: 'fault', outcome: null, exitCode: null }))
  })
  const forgetBefore = instant(now - runKeptMs)
  await purgeRuns(db, forgetBefore)
  await outbox.forget(runQueued.topic, forgetBefore)
}

/** Losable: a client that hears nothing asks. */
function tell({ fanout, log }: Telling, told: RunFinished): void {
  fanout.broadcast(runFinished.topic, told).catch((cause: unknown) => log.warn({ err: cause, runId: told.runId }, 'the end of a run was not told'))
}
