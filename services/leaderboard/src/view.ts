import type { Board, BoardRow } from '#contracts/leaderboard'
import { type Instant, toIso } from '#kernel/time'
import { rank, windowOf } from './domain/board.ts'
import { type BoardRules, rulesOf } from './domain/facts.ts'
import { type ReadyBytes, readyBytes } from './ready-bytes.ts'
import type { KeptContest, NamedRow } from './store.ts'
import { frameOf } from './usecases/settle-board.ts'

/** A contest that has its snapshot: the only kind that has a board. */
export type KnownContest = KeptContest & { readonly snapshot: NonNullable<KeptContest['snapshot']> }
export const isKnown = (contest: KeptContest): contest is KnownContest => contest.snapshot !== undefined

/**
 * One board in memory: what the database said at `version`, ranked, and the bytes of usual answers. Replaced or caught up as a whole, between two awaits,
 * so a reader never meets half a step. Behind an equal `publicRevision` the public rows and bytes are the very same objects.
 */
export type View = {
  contest: KnownContest
  readonly entries: Map<string, NamedRow>
  rules: BoardRules
  /** What the public sees around the rows, as text, to compare. */
  frame: string
  publicRows: readonly BoardRow[]
  fullRows: readonly BoardRow[] | undefined
  /** By `top`. */
  answers: Map<number, ReadyBytes>
}

export const emptyView = (contest: KnownContest): View => ({
  contest,
  entries: new Map(),
  rules: rulesOf(contest.snapshot),
  frame: '',
  publicRows: [],
  fullRows: undefined,
  answers: new Map(),
})

/** Takes in what changed since the view's version. */
export function catchUp(view: View, contest: KnownContest, changed: readonly NamedRow[]): void {
  const isSameBoard = view.frame !== '' && view.contest.publicRevision === contest.publicRevision
  const isSameVersion = view.frame !== '' && view.contest.version === contest.version
  view.contest = contest
  if (isSameVersion) return
  view.rules = rulesOf(contest.snapshot)
  view.frame = JSON.stringify([contest.phase, frameOf(contest.snapshot)])
  for (const row of changed) view.entries.set(row.userId, row)
  view.fullRows = undefined
  if (isSameBoard) return
  view.publicRows = contest.phase === 'scheduled' ? [] : rank(view.rules, named(view, 'publicRow'))
  view.answers = new Map()
}

const named = (view: View, which: 'publicRow' | 'fullRow') => [...view.entries.values()].map((entry) => ({ ...entry, row: entry[which] }))

/** Ranked when first asked for: few ask for the board behind the freeze. */
export function rowsBehindFreeze(view: View): readonly BoardRow[] {
  view.fullRows ??= rank(view.rules, named(view, 'fullRow'))
  return view.fullRows
}

export type Asked = { readonly top: number; readonly around: number; readonly userId: string | undefined; readonly unfrozen: boolean }

export function boardOf(view: View, asked: Asked, now: Instant): Board {
  const { contest } = view
  // before the start neither problems nor names are told
  const isHidden = contest.phase === 'scheduled' && !asked.unfrozen
  const rows = asked.unfrozen ? rowsBehindFreeze(view) : view.publicRows
  return {
    contestId: contest.contestId,
    revision: contest.publicRevision,
    format: contest.snapshot.format,
    frozen: contest.phase === 'frozen',
    problems: isHidden ? [] : view.rules.problems.map(({ problemId, label, title, points }) => ({ problemId, label, title, points })),
    total: rows.length,
    rows: windowOf(rows, asked),
    serverNow: toIso(now),
  }
}

const keptAnswers = 8

/** The bytes of the public board's first `top` rows: serialised once a revision. */
export function readyAnswer(view: View, top: number, now: Instant): ReadyBytes {
  const known = view.answers.get(top)
  if (known !== undefined) return known
  const { serverNow: _, ...board } = boardOf(view, { top, around: 0, userId: undefined, unfrozen: false }, now)
  const answer = readyBytes(board)
  if (view.answers.size >= keptAnswers) view.answers.clear()
  view.answers.set(top, answer)
  return answer
}
