import { hash } from 'node:crypto'
import type { ApiFailure } from '#contracts/errors'
import { laneTopic, type Submit, submissionAccepted } from '#contracts/submission'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { OutboxEntry } from '#kit/outbox'
import { outOfScope, scope } from '#kit/scope'
import type { Tx } from '#ports/db'
import { decideSubmit, type SubmitFacts, type SubmitFailure } from '../domain/submit.ts'
import { factsFor, insertSubmissions, lockUsers, type NewRow } from '../store.ts'
import { openGroups } from './groups.ts'
import { allowingForLateNews } from './late-news.ts'

/**
 * Accepts submissions in groups: what arrives while a transaction is under way is decided and stored by the next one (two at once when many wait), so that many accepts share a
 * commit (and its fsync). One transaction locks the users, loads the facts, decides each, writes the rows and their events; only then is anybody
 * answered 202. Nothing here calls another service.
 */
export type SubmitRequest = { readonly draft: Submit; readonly caller: UserCaller; readonly idempotencyKey: string | undefined; readonly arrivedAt: Instant }
export type SubmitResult = Result<{ id: string; status: 'queued' }, SubmitFailure | ApiFailure<'IDEMPOTENCY_MISMATCH'>>
type Waiting = SubmitRequest & {
  readonly traceparent: string | undefined
  readonly bodyDigest: Uint8Array
  readonly resolve: (result: SubmitResult) => void
  readonly reject: (cause: unknown) => void
}

const largestGroup = 64
/** Two groups overlap the statements of one with the other's wait for the disk (docs/adr/0016, "What would change our mind"). */
const worthSecondGroup = 24

export type AcceptDeps = Pick<Deps, 'db' | 'outbox' | 'ids'> & { readonly judged: () => SubmitFacts['judged'] }

export function openAccepting(deps: AcceptDeps) {
  const run = async (group: readonly Waiting[]) => {
    try {
      const results = await deps.db.transaction((tx) => acceptGroup(tx, group, deps))
      for (const [at, each] of group.entries()) each.resolve(results[at] as SubmitResult)
    } catch (cause) {
      for (const each of group) each.reject(cause)
    }
  }
  const groups = openGroups<Waiting>({ largest: largestGroup, worthSecond: worthSecondGroup, run })

  const once = (request: SubmitRequest) =>
    new Promise<SubmitResult>((resolve, reject) => {
      const one = { ...request, traceparent: scope().traceparent, bodyDigest: digestOf(request.draft), resolve, reject }
      outOfScope(() => groups.add(one)) // a group is nobody's own
    })

  return (request: SubmitRequest): Promise<SubmitResult> => allowingForLateNews(() => once(request))
}

async function acceptGroup(tx: Tx, group: readonly Waiting[], { outbox, ids, judged }: AcceptDeps): Promise<SubmitResult[]> {
  const wanted = group.map(({ draft, caller, idempotencyKey }) => ({ draft, userId: caller.userId, idempotencyKey }))
  await lockUsers(
    tx,
    wanted.map((each) => each.userId),
  )
  const known = await factsFor(tx, wanted)
  const accepted: (NewRow & Pick<Waiting, 'traceparent'>)[] = []
  const results = group.map((request, at): SubmitResult => {
    const row = known[at]
    if (!row) throw new Error('facts are missing for a submission of the group')
    const { userId } = request.caller
    const earlier = accepted.filter((each) => each.userId === userId)
    const same = row.existing ?? earlier.find((each) => each.idempotencyKey !== undefined && each.idempotencyKey === request.idempotencyKey)
    if (same) return Buffer.compare(same.bodyDigest, request.bodyDigest) === 0 ? ok({ id: same.id, status: 'queued' }) : fail({ code: 'IDEMPOTENCY_MISMATCH' })
    const sameProblem = earlier.filter((each) => each.draft.contestId === request.draft.contestId && each.draft.problemId === request.draft.problemId)
    const facts = {
      ...row.facts,
      judged: judged(),
      pendingCount: row.facts.pendingCount + earlier.length,
      attemptCount: row.facts.attemptCount + sameProblem.length,
    }
    const decided = decideSubmit(facts, { userId, role: request.caller.role }, request.draft, request.arrivedAt)
    if (!decided.ok) return decided
    const id = ids.next()
    accepted.push({
      id,
      userId,
      draft: request.draft,
      idempotencyKey: request.idempotencyKey,
      bodyDigest: request.bodyDigest,
      accepted: decided.value,
      submittedAt: request.arrivedAt,
      traceparent: request.traceparent,
    })
    return ok({ id, status: 'queued' })
  })
  if (accepted.length > 0) {
    await insertSubmissions(tx, accepted)
    await outbox.addAll(
      tx,
      accepted.flatMap(({ traceparent, ...row }) => eventsOf(row).map((entry) => ({ ...entry, traceparent }))),
    )
  }
  return results
}

function eventsOf(row: NewRow): OutboxEntry[] {
  const { draft, accepted } = row
  const submittedAt = toIso(row.submittedAt)
  const job = {
    submissionId: row.id,
    attempt: 1,
    userId: row.userId,
    contestId: draft.contestId ?? null,
    problemId: draft.problemId,
    problemVersion: accepted.problemVersion,
    kind: accepted.kind,
    lane: accepted.lane,
    stopAtFirstFailure: accepted.stopAtFirstFailure,
    language: 'source' in draft ? draft.language : null,
    source: 'source' in draft ? draft.source : null,
    answer: 'answer' in draft ? draft.answer : null,
    submittedAt,
  }
  const work = { topic: laneTopic(accepted.lane), payload: job }
  if (draft.contestId === undefined) return [work]
  return [
    work,
    {
      topic: submissionAccepted.topic,
      payload: { submissionId: row.id, userId: row.userId, contestId: draft.contestId, problemId: draft.problemId, submittedAt },
    },
  ]
}

/** SHA-256 of the body in one fixed order of fields, whatever order the client sent. */
function digestOf(draft: Submit): Uint8Array {
  const content =
    'source' in draft
      ? [draft.language, draft.source]
      : 'choices' in draft.answer
        ? ['choices', ...draft.answer.choices]
        : ['value', draft.answer.value, draft.answer.unit ?? null]
  return hash('sha256', JSON.stringify([draft.contestId ?? null, draft.problemId, content]), 'buffer')
}
