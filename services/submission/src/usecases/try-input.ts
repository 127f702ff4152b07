import { createHash } from 'node:crypto'
import type { ApiFailure } from '#contracts/errors'
import { type NewRun, runQueued } from '#contracts/runs'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, instant, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { decideRun, type RunFacts, type RunFailure, runPatienceMs } from '../domain/run.ts'
import { factsFor, lockUsers } from '../store.ts'
import { findRunByKey, insertRun, listRecentRuns } from '../store-runs.ts'
import { allowingForLateNews } from './late-news.ts'

export type TryRequest = { readonly draft: NewRun; readonly caller: UserCaller; readonly idempotencyKey: string | undefined; readonly arrivedAt: Instant }
export type TryResult = Result<{ id: string; status: 'queued' }, RunFailure | ApiFailure<'IDEMPOTENCY_MISMATCH'>>
type TryDeps = Pick<Deps, 'db' | 'outbox' | 'ids'> & { readonly judged: () => RunFacts['judged'] }

/** Takes a program to be tried: row and work in one transaction, as for a submission, under the same lock of its user. Calls no other service. */
export const tryInput = (deps: TryDeps, request: TryRequest): Promise<TryResult> =>
  allowingForLateNews(() => deps.db.transaction((tx) => take(tx, request, deps)))

async function take(tx: Tx, { draft, caller, idempotencyKey, arrivedAt }: TryRequest, { outbox, ids, judged }: TryDeps): Promise<TryResult> {
  const { userId, role } = caller
  const bodyDigest = digestOf(draft)
  await lockUsers(tx, [userId])
  const same = idempotencyKey === undefined ? undefined : await findRunByKey(tx, userId, idempotencyKey)
  if (same) return Buffer.compare(same.bodyDigest, bodyDigest) === 0 ? ok({ id: same.id, status: 'queued' }) : fail({ code: 'IDEMPOTENCY_MISMATCH' })
  const decided = decideRun(
    { place: await placeOf(tx, userId, draft), recent: await listRecentRuns(tx, userId), judged: judged() },
    { userId, role },
    draft,
    arrivedAt,
  )
  if (!decided.ok) return decided
  const id = ids.next()
  await insertRun(tx, { id, userId, createdAt: arrivedAt, idempotencyKey, bodyDigest })
  await outbox.add(tx, runQueued, {
    runId: id,
    problem: decided.value.problem,
    language: draft.language,
    source: draft.source,
    input: draft.input,
    expiresAt: toIso(instant(arrivedAt + runPatienceMs)),
  })
  return ok({ id, status: 'queued' })
}

async function placeOf(tx: Tx, userId: string, draft: NewRun): Promise<RunFacts['place']> {
  if (!('problemId' in draft)) return undefined
  const [row] = await factsFor(tx, [{ userId, draft, idempotencyKey: undefined }])
  return row?.facts
}

/** SHA-256 of the body in one fixed order of fields, whatever order the client sent. */
function digestOf(draft: NewRun): Uint8Array {
  const place = 'problemId' in draft ? [draft.contestId ?? null, draft.problemId] : null
  return createHash('sha256')
    .update(JSON.stringify([place, draft.language, draft.source, draft.input]))
    .digest()
}
