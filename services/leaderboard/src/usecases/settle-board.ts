import { isDeepStrictEqual } from 'node:util'
import type { ContestSnapshot } from '#contracts/contest'
import type { Instant } from '#kernel/time'
import type { Tx } from '#ports/db'
import { cellRevisionsOf } from '../domain/changes.ts'
import { rulesOf } from '../domain/facts.ts'
import { cellsMoved, type Firsts, moveFirsts } from '../domain/firsts.ts'
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
  const publicRevision = before.publicRevision + (publicMoved ? 1 : 0)
  const after: store.KeptContest = {
    ...before,
    snapshot: next.snapshot,
    phase: next.phase,
    version: before.version + 1,
    publicRevision,
    frameRevision: frameMoved ? publicRevision : before.frameRevision,
  }
  const firsts = await saveDiffering(tx, after, differing, scope === 'everybody')
  if (frameMoved || snapshotMoved) await store.saveContest(tx, { ...after, firsts }, nextTurn(next.snapshot, next.now))
  else await store.saveRevisions(tx, { ...after, firsts }, { withFirsts: firsts !== before.firsts })
  return { moved, publicMoved }
}

/** What of a snapshot the public board shows around its rows. */
export const frameOf = (snapshot: ContestSnapshot | undefined) =>
  snapshot && { format: snapshot.format, deleted: snapshot.deleted, problems: rulesOf(snapshot).problems }

/** A row that is not as kept. `known` undefined: there was none. */
export type Differing = Omit<store.KeptRow, 'publicRevision' | 'cellRevisions'> & { readonly publicMoved: boolean; readonly known: store.KeptRow | undefined }

/** The rows that are not what the log says. Facts are never taken back, so a kept row always has facts. */
export async function recompute(tx: Tx, contestId: string, { snapshot, phase }: Omit<Next, 'now'>, scope: Exclude<Scope, 'nobody'>): Promise<Differing[]> {
  const userId = scope === 'everybody' ? undefined : scope.userId
  const facts = await store.listFacts(tx, contestId, userId)
  const kept = new Map((await store.listRows(tx, contestId, userId === undefined ? undefined : [userId])).map((row) => [row.userId, row]))
  const rules = rulesOf(snapshot)
  const fullRows = new Map(scoreAll(rules, facts, undefined).map((row) => [row.userId, row]))
  return scoreAll(rules, facts, cutOf(snapshot, phase)).flatMap((publicRow) => {
    const known = kept.get(publicRow.userId)
    const fullRow = fullRows.get(publicRow.userId) ?? publicRow
    const publicMoved = !isDeepStrictEqual(known?.publicRow, publicRow)
    if (!publicMoved && isDeepStrictEqual(known?.fullRow, fullRow)) return []
    return [{ userId: publicRow.userId, publicRow, fullRow, publicMoved, known }]
  })
}

/** Keeps rows as of `after`, and of those that show another `first` now the cells' revisions. @returns the firsts; the very same when none moved. */
export async function saveDiffering(tx: Tx, after: store.KeptContest, differing: readonly Differing[], isWhole: boolean): Promise<store.KeptContest['firsts']> {
  const { contestId, version, publicRevision } = after
  if (differing.length > 0) {
    const rows = differing.map(({ userId, publicRow, fullRow, publicMoved, known }) => ({
      userId,
      publicRow,
      fullRow,
      publicRevision: publicMoved ? publicRevision : (known?.publicRevision ?? publicRevision),
      cellRevisions: cellRevisionsOf(known && { row: known.publicRow, revisions: known.cellRevisions }, publicRow, publicRevision),
    }))
    await store.saveRows(tx, contestId, rows, version)
  }
  const firsts = {
    public: await firstsOf(tx, after, 'public', isWhole ? undefined : differing.map((row) => row.publicRow)),
    full: await firstsOf(tx, after, 'full', isWhole ? undefined : differing.map((row) => row.fullRow)),
  }
  if (isDeepStrictEqual(firsts, after.firsts)) return after.firsts
  await markCells(tx, after, firsts.public)
  return firsts
}

/** @param changed undefined: all rows may be others. */
async function firstsOf(
  tx: Tx,
  { contestId, firsts }: store.KeptContest,
  board: store.BoardKind,
  changed: readonly store.KeptRow['publicRow'][] | undefined,
): Promise<Firsts> {
  if (changed === undefined) return store.findFirsts(tx, contestId, board, undefined)
  const moved = moveFirsts(firsts[board], changed)
  if (moved.lost.length === 0) return moved.firsts
  const kept = Object.entries(moved.firsts).filter(([problemId]) => !moved.lost.includes(problemId))
  return { ...Object.fromEntries(kept), ...(await store.findFirsts(tx, contestId, board, moved.lost)) }
}

async function markCells(tx: Tx, { contestId, snapshot, firsts, version, publicRevision }: store.KeptContest, now: Firsts): Promise<void> {
  const cells = Map.groupBy(cellsMoved(firsts.public, now), ({ userId }) => userId)
  const positions = new Map(snapshot?.problems.map(({ problemId }, at) => [problemId, at]))
  const rows = (await store.listRows(tx, contestId, [...cells.keys()])).map((row) => {
    const moved = new Set((cells.get(row.userId) ?? []).map(({ problemId }) => positions.get(problemId)))
    return { ...row, publicRevision, cellRevisions: row.cellRevisions.map((revision, at) => (moved.has(at) ? publicRevision : revision)) }
  })
  await store.saveRows(tx, contestId, rows, version)
}
