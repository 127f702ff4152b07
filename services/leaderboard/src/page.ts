import type { Board } from '#contracts/leaderboard'
import { type Instant, toIso } from '#kernel/time'
import type { Ranked } from '#ports/ranked-view'
import { type Around, firstUsers, shownRow } from './domain/board.ts'
import { rulesOf } from './domain/facts.ts'
import type { BoardPhase } from './domain/phase.ts'
import type { BoardKind, KeptContest } from './store.ts'

/** A contest that has its snapshot: the only kind that has a board. */
export type KnownContest = KeptContest & { readonly snapshot: NonNullable<KeptContest['snapshot']> }
export const isKnown = (contest: KeptContest): contest is KnownContest => contest.snapshot !== undefined

/** What of a contest is kept beside its rows in the ranked view, so that both are of one moment. */
export type Head = Around & {
  readonly contestId: string
  readonly ownerId: string
  readonly deleted: boolean
  readonly phase: BoardPhase
  readonly revision: number
  readonly format: Board['format']
  readonly problems: Board['problems']
}
/** Of the public board nothing that the public may not know, but for the owner's id and, before the start, what `boardOf` holds back. */
export const headOf = (contest: KnownContest, board: BoardKind): Head => ({
  contestId: contest.contestId,
  ownerId: contest.snapshot.ownerId,
  deleted: contest.snapshot.deleted,
  phase: contest.phase,
  revision: contest.publicRevision,
  format: contest.snapshot.format,
  problems: rulesOf(contest.snapshot).problems.map(({ problemId, label, title, points }) => ({ problemId, label, title, points })),
  firsts: firstUsers(contest.firsts[board]),
})

/** A part of a board, as a ranked view gave it. */
export type Page = { readonly head: Head; readonly total: number; readonly rows: Ranked['rows']; readonly isStale: boolean }

export function boardOf({ head, total, rows }: Page, board: BoardKind, now: Instant): Board {
  // before the start neither problems nor names are told
  const isHidden = head.phase === 'scheduled' && board === 'public'
  return {
    contestId: head.contestId,
    revision: head.revision,
    format: head.format,
    frozen: head.phase === 'frozen',
    problems: isHidden ? [] : [...head.problems],
    total: isHidden ? 0 : total,
    rows: isHidden ? [] : rows.map((row) => shownRow(head, row)),
    serverNow: toIso(now),
  }
}
