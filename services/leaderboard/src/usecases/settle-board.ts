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

/** Whose rows are to be computed again: those of these users, everybody's, or nobody's since rules and cut are the same. */
export type Scope = readonly string[] | 'everybody' | 'nobody'
export type Settled = { readonly moved: boolean; readonly publicMoved: boolean }
type Next = { readonly snapshot: ContestSnapshot; readonly phase: BoardPhase; readonly now: Instant }

/**
 * Computes rows from the log, keeps those that differ and moves the counters: `version` with anything, `publicRevision` only with what the public sees.
 * The caller holds the contest's lock.
 */
export async function settleBoard(tx: Tx, before: store.KeptContest, next: Next, scope: Scope): Promise<Settled> {
  const frameMoved = before.phase !== next.phase || !isDeepStrictEqual(frameOf(before.snapshot), frameOf(next.snapshot))
  const snapshotMoved = before.snapshot?.revision !== next.snapshot.revision
  const isShown = frameMoved || next.phase !== 'scheduled'
  const { snapshot, phase } = next
  const after = { ...before, snapshot, phase, version: before.version + 1, publicRevision: before.publicRevision + (isShown ? 1 : 0) }
  const rows = await settleRows(tx, after, scope)
  const publicMoved = frameMoved || (isShown && rows.publicMoved)
  const moved = publicMoved || snapshotMoved || rows.moved
  if (!moved) return { moved, publicMoved }
  const { publicRevision } = publicMoved ? after : before
  const kept = { ...after, publicRevision, frameRevision: frameMoved ? publicRevision : before.frameRevision, firsts: rows.firsts }
  if (frameMoved || snapshotMoved) await store.saveContest(tx, kept, nextTurn(snapshot, next.now))
  else await store.saveRevisions(tx, kept, { withFirsts: kept.firsts !== before.firsts })
  return { moved, publicMoved }
}

/** Rows as of `after`, whose public revision is the one that rows the public sees move get, should there be any. */
async function settleRows(tx: Tx, after: Known, scope: Scope): Promise<Settled & Pick<store.KeptContest, 'firsts'>> {
  if (scope === 'nobody') return { moved: false, publicMoved: false, firsts: after.firsts }
  const isWhole = scope === 'everybody'
  const settled = { moved: false, publicMoved: false }
  const changed: Differing[] = []
  for await (const page of recompute(tx, after, isWhole ? await store.listParticipants(tx, after.contestId) : scope)) {
    await saveDiffering(tx, after, page)
    settled.moved ||= page.length > 0
    settled.publicMoved ||= page.some((row) => row.publicMoved)
    if (!isWhole) changed.push(...page)
  }
  return { ...settled, firsts: settled.moved ? await saveFirsts(tx, after, isWhole ? undefined : changed) : after.firsts }
}

/** What of a snapshot the public board shows around its rows. */
export const frameOf = (snapshot: ContestSnapshot | undefined) =>
  snapshot && { format: snapshot.format, deleted: snapshot.deleted, problems: rulesOf(snapshot).problems }

type Known = store.KeptContest & { readonly snapshot: ContestSnapshot }
/** A row that is not as kept. `known` undefined: there was none. */
export type Differing = Omit<store.KeptRow, 'publicRevision' | 'cellRevisions'> & { readonly publicMoved: boolean; readonly known: store.KeptRow | undefined }

/** Participants at a time: a large board is computed page by page, since neither its log nor its rows fit a statement, or the memory of a small machine. */
const pageUsers = 500

/** Of these users' rows those that are not what the log says, in pages. Facts are never taken back, so a kept row always has facts. */
export async function* recompute(tx: Tx, contest: Pick<Known, 'contestId' | 'snapshot' | 'phase'>, userIds: readonly string[]): AsyncGenerator<Differing[]> {
  const { contestId, snapshot, phase } = contest
  const rules = rulesOf(snapshot)
  for (let from = 0; from < userIds.length; from += pageUsers) {
    const some = userIds.slice(from, from + pageUsers)
    const facts = await store.listFacts(tx, contestId, some)
    const kept = new Map((await store.listRows(tx, contestId, some)).map((row) => [row.userId, row]))
    const fullRows = new Map(scoreAll(rules, facts, undefined).map((row) => [row.userId, row]))
    yield scoreAll(rules, facts, cutOf(snapshot, phase)).flatMap((publicRow) => {
      const known = kept.get(publicRow.userId)
      const fullRow = fullRows.get(publicRow.userId) ?? publicRow
      const publicMoved = !isDeepStrictEqual(known?.publicRow, publicRow)
      if (!publicMoved && isDeepStrictEqual(known?.fullRow, fullRow)) return []
      return [{ userId: publicRow.userId, publicRow, fullRow, publicMoved, known }]
    })
  }
}

/** Keeps rows as of `after`. */
export async function saveDiffering(tx: Tx, { contestId, version, publicRevision }: store.KeptContest, differing: readonly Differing[]): Promise<void> {
  if (differing.length === 0) return
  const rows = differing.map(({ userId, publicRow, fullRow, publicMoved, known }) => ({
    userId,
    publicRow,
    fullRow,
    publicRevision: publicMoved ? publicRevision : (known?.publicRevision ?? publicRevision),
    cellRevisions: cellRevisionsOf(known && { row: known.publicRow, revisions: known.cellRevisions }, publicRow, publicRevision),
  }))
  await store.saveRows(tx, contestId, rows, version)
}

/**
 * Who is first now that rows were kept, with the revisions of the cells that show another `first`.
 * @param changed undefined: all rows may be others. @returns the firsts; the very same when none moved.
 */
export async function saveFirsts(tx: Tx, after: store.KeptContest, changed: readonly Differing[] | undefined): Promise<store.KeptContest['firsts']> {
  const firsts = {
    public: await firstsOf(
      tx,
      after,
      'public',
      changed?.map((row) => row.publicRow),
    ),
    full: await firstsOf(
      tx,
      after,
      'full',
      changed?.map((row) => row.fullRow),
    ),
  }
  if (isDeepStrictEqual(firsts, after.firsts)) return after.firsts
  await markCells(tx, after, firsts.public)
  return firsts
}

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
