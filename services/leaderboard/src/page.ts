import type { Board, BoardRow } from '#contracts/leaderboard'
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

/** Before the start neither problems nor names are told. */
export const isHidden = ({ phase }: Pick<Head, 'phase'>, board: BoardKind): boolean => phase === 'scheduled' && board === 'public'

/** `from`: where the asked rows begin; a row that is not where it then should be says where it stands. */
export function shownRows({ head, rows }: Page, from: number | undefined): BoardRow[] {
  return rows.map((row, n) => ({ ...shownRow(head, row), ...(from !== undefined && row.at === from + n ? {} : { at: row.at }) }))
}

export function boardOf(page: Page, { board, from = 0 }: { readonly board: BoardKind; readonly from?: number | undefined }, now: Instant): Board {
  const { head, total } = page
  const hides = isHidden(head, board)
  return {
    contestId: head.contestId,
    revision: head.revision,
    format: head.format,
    frozen: head.phase === 'frozen',
    problems: hides ? [] : [...head.problems],
    total: hides ? 0 : total,
    rows: hides ? [] : shownRows(page, from),
    serverNow: toIso(now),
  }
}
