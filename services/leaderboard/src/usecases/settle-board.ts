import { isDeepStrictEqual } from 'node:util'
import type { ContestSnapshot } from '#contracts/contest'
import type { Instant } from '#kernel/time'
import type { Tx } from '#ports/db'
import { rulesOf } from '../domain/facts.ts'
import { type BoardPhase, cutOf, nextTurn } from '../domain/phase.ts'
import { scoreAll } from '../domain/score-row.ts'
import * as store from '../store.ts'

/** Whose rows are to be computed again: one participant's, everybody's, or nobody's since rules and cut are the same. */
export type Scope = { readonly userId: string } | 'everybody' | 'nobody'
export type Settled = { readonly moved: boolean; readonly publicMoved: boolean }
type Next = { readonly snapshot: ContestSnapshot; readonly phase: BoardPhase; readonly now: Instant }

/**
 * Computes rows from the log, keeps those that differ and moves the counters: `version` with anything, `publicRevision` only with what the public sees.
 * The caller holds the contest's lock.
 */
export async function settleBoard(tx: Tx, before: store.KeptContest, next: Next, scope: Scope): Promise<Settled> {
  const differing = scope === 'nobody' ? [] : await recompute(tx, before.contestId, next, scope)
  const frameMoved = before.phase !== next.phase || !isDeepStrictEqual(frameOf(before.snapshot), frameOf(next.snapshot))
  const snapshotMoved = before.snapshot?.revision !== next.snapshot.revision
  const publicMoved = frameMoved || (next.phase !== 'scheduled' && differing.some((row) => row.publicMoved))
  const moved = publicMoved || snapshotMoved || differing.length > 0
  if (!moved) return { moved, publicMoved }
  const after: store.KeptContest = {
    ...before,
    snapshot: next.snapshot,
    phase: next.phase,
    version: before.version + 1,
    publicRevision: before.publicRevision + (publicMoved ? 1 : 0),
  }
  if (differing.length > 0) await store.saveRows(tx, before.contestId, differing, after.version)
  if (frameMoved || snapshotMoved) await store.saveContest(tx, after, nextTurn(next.snapshot, next.now))
  else await store.saveRevisions(tx, after)
  return { moved, publicMoved }
}

/** What of a snapshot the public board shows around its rows. */
export const frameOf = (snapshot: ContestSnapshot | undefined) =>
  snapshot && { format: snapshot.format, deleted: snapshot.deleted, problems: rulesOf(snapshot).problems }

type Differing = store.KeptRow & { readonly publicMoved: boolean }

/** The rows that are not what the log says. Facts are never taken back, so a kept row always has facts. */
export async function recompute(tx: Tx, contestId: string, { snapshot, phase }: Omit<Next, 'now'>, scope: Exclude<Scope, 'nobody'>): Promise<Differing[]> {
  const userId = scope === 'everybody' ? undefined : scope.userId
  const facts = await store.listFacts(tx, contestId, userId)
  const kept = new Map((await store.listRows(tx, contestId, userId)).map((row) => [row.userId, row]))
  const rules = rulesOf(snapshot)
  const fullRows = new Map(scoreAll(rules, facts, undefined).map((row) => [row.userId, row]))
  return scoreAll(rules, facts, cutOf(snapshot, phase)).flatMap((publicRow) => {
    const known = kept.get(publicRow.userId)
    const fullRow = fullRows.get(publicRow.userId) ?? publicRow
    const publicMoved = !isDeepStrictEqual(known?.publicRow, publicRow)
    if (!publicMoved && isDeepStrictEqual(known?.fullRow, fullRow)) return []
    return [{ userId: publicRow.userId, publicRow, fullRow, publicMoved }]
  })
}
