import type { evaluationVerified } from '#contracts/evaluation'
import type { EventPayload } from '#contracts/route'
import { type Verification, verificationQueued } from '#contracts/verification'
import { type Instant, instant, toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import type { Queryable, Tx } from '#ports/db'
import type { Files } from '#ports/files'
import type { StoredPackage } from '../domain/package-stored.ts'
import type { StoredProblem } from '../domain/problem.ts'
import { isStorable } from '../domain/storable.ts'
import { askedSolutions, outcomeKept, type SolutionOutcome, verificationOf, verificationPatienceMs, verificationWindow } from '../domain/verification.ts'
import {
  endVerification,
  findVerification,
  insertVerification,
  listAsked,
  listRunning,
  listWaiting,
  lockVerification,
  markQueued,
  type StoredVerification,
  settleSolutions,
  type Waiting,
} from '../store-verifications.ts'

/**
 * A verification: asked for in a transaction, handed to the judge a few solutions at a time by a look every second, each answer kept once, ended when the last
 * is there or its time is over. What a crash leaves is in the tables, and the next look goes on with it.
 */
type Asking = { readonly id: string; readonly problem: StoredProblem; readonly kept: StoredPackage; readonly now: Instant }

/** @returns whether there is anything to judge; then it runs from the commit on. */
export async function beginVerification(tx: Tx, { id, problem, kept, now }: Asking): Promise<boolean> {
  if (problem.content.kind !== 'program') return false
  const rows = askedSolutions(problem.content, kept.solutions)
  const { state } = verificationOf({ version: problem.version, askedAt: now, rows })
  await insertVerification(tx, { id, problemId: problem.id, version: problem.version, state, askedAt: now }, rows)
  return state === 'running'
}

/** For its author; `none` of the newest version when nobody has asked yet. */
export async function verificationShown(db: Queryable, { id, version }: Pick<StoredProblem, 'id' | 'version'>): Promise<Verification> {
  const stored = await findVerification(db, id)
  if (!stored) return { state: 'none', version, solutions: [], problems: [] }
  return verificationOf({ ...stored, rows: await listAsked(db, stored.id) })
}

/** The first answer for a solution counts; one for a verification that was asked anew changes nothing. */
export async function keepVerified(tx: Tx, { verificationId, position, outcome }: EventPayload<typeof evaluationVerified>): Promise<void> {
  const running = await lockVerification(tx, verificationId)
  if (running?.state !== 'running') return
  await settleSolutions(tx, verificationId, position, outcomeKept(outcome))
  await endWhenDone(tx, running)
}

async function endWhenDone(tx: Tx, verification: StoredVerification): Promise<void> {
  const { state } = verificationOf({ ...verification, rows: await listAsked(tx, verification.id) })
  if (state !== 'running') await endVerification(tx, verification.id, state)
}

type Needs = Pick<Deps, 'db' | 'files' | 'clock' | 'outbox' | 'log'>
const atOnce = 20

/** Ends what waited too long, and gives the judge of each other one what it has room for. */
export async function feedVerifications(deps: Needs): Promise<void> {
  for (const verification of await listRunning(deps.db, atOnce)) {
    const expiresAt = instant(verification.askedAt + verificationPatienceMs)
    if (deps.clock.now() >= expiresAt) await settle(deps, verification.id, undefined, { type: 'fault', reason: 'no judge has answered in time' })
    else for (const waiting of await listWaiting(deps.db, verification.id, verificationWindow)) await hand(deps, { verification, waiting, expiresAt })
  }
}

/** What nobody waits for any more holds sources. */
export const forgetVerificationJobs = ({ clock, outbox }: Pick<Deps, 'clock' | 'outbox'>): Promise<void> =>
  outbox.forget(verificationQueued.topic, instant(clock.now() - verificationPatienceMs))

type Handing = { readonly verification: StoredVerification; readonly waiting: Waiting; readonly expiresAt: Instant }
async function hand(deps: Needs, { verification, waiting: { position, solution }, expiresAt }: Handing): Promise<void> {
  const source = await textOf(deps.files, solution.digest)
  if (source === undefined) return settle(deps, verification.id, position, { type: 'fault', reason: 'its source is no text, or is not there any more' })
  await deps.db.transaction(async (tx) => {
    if (!(await markQueued(tx, verification.id, position, deps.clock.now()))) return
    await deps.outbox.add(tx, verificationQueued, {
      verificationId: verification.id,
      position,
      problemId: verification.problemId,
      problemVersion: verification.version,
      language: solution.language ?? '',
      source,
      stopAtFirstFailure: solution.stopAtFirstFailure,
      expiresAt: toIso(expiresAt),
    })
  })
}

const settle = ({ db }: Pick<Deps, 'db'>, id: string, position: number | undefined, outcome: SolutionOutcome): Promise<void> =>
  db.transaction(async (tx) => {
    const running = await lockVerification(tx, id)
    if (running?.state !== 'running') return
    await settleSolutions(tx, id, position, outcome)
    await endWhenDone(tx, running)
  })

/** At most what a submission may have: longer ones are not asked for. */
async function textOf(files: Files, digest: string): Promise<string | undefined> {
  const blob = await files.get(digest)
  if (!blob) return undefined
  const chunks: Uint8Array[] = []
  for await (const chunk of blob) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return isStorable(text) && text !== '' ? text : undefined
}
