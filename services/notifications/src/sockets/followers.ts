import type { LeaderboardChanged, RowChange } from '#contracts/leaderboard'
import type { BoardMove, ServerMessage } from '#contracts/notifications'
import { type Ms, seconds } from '#kernel/units'
import type { Clock } from '#ports/clock'
import { type Frame, frameOf } from './frame.ts'

/**
 * Viewers of boards who follow the first rows and their own: what a phone on a thin line can pay for through a contest of five hours.
 *
 * Followers of one board with the same `top` are one audience, for which each message is made once. A change of a row among the first, or that was told as
 * one of them, goes out at once, together with one's own row to oneself; what changed further down is put together and goes out `restEvery`. A message says
 * how rows stand now, so one that comes twice, or after a newer snapshot, does no harm: what `p` and `r` promise stands in the contract.
 */
export type Follower = { readonly held: { readonly userId: string } | undefined; say(message: Frame): void }
export type Followers = {
  /** Again with another `top`: that one from now on. */
  add(contestId: string, top: number, follower: Follower): void
  remove(contestId: string, follower: Follower): void
  /** Whether one is among a board's followers: asked for thousands, so what is needed is gathered once. */
  among(contestId: string): (follower: Follower) => boolean
  tell(change: LeaderboardChanged): void
}

const restEvery = seconds(60)
/** Rows waiting further down; more, and fetching the board is cheaper than hearing of them. */
const mostWaiting = 100
/** Between two words that the board must be fetched: a large contest says so twice a second. */
const fetchEvery = seconds(5)

type Audience = {
  readonly top: number
  readonly followers: Set<Follower>
  /** The newest revision heard of, and the one that was told last. */
  heard: number | undefined
  told: number | undefined
  /** By user: of rows further down, what is to be told. */
  readonly waiting: Map<string, RowChange>
  /** Told as one of the first: told at once also when it falls. */
  readonly first: Set<string>
  /** Who was named to this audience, and how. */
  readonly named: Map<string, string>
  cancel: (() => void) | undefined
  /** While set, no further word to fetch; `isLost`: one is due at its end. */
  resting: (() => void) | undefined
  isLost: boolean
}

export function openFollowers({ clock, every = restEvery }: { readonly clock: Pick<Clock, 'after'>; readonly every?: Ms }): Followers {
  const audiences = new Map<string, Map<number, Audience>>()

  const remove: Followers['remove'] = (contestId, follower) => {
    const ofContest = audiences.get(contestId)
    for (const [top, audience] of ofContest ?? []) {
      if (!audience.followers.delete(follower) || audience.followers.size > 0) continue
      audience.cancel?.()
      audience.resting?.()
      ofContest?.delete(top)
    }
    if (ofContest?.size === 0) audiences.delete(contestId)
  }
  return {
    add(contestId, top, follower) {
      remove(contestId, follower)
      const ofContest = audiences.get(contestId) ?? new Map<number, Audience>()
      audiences.set(contestId, ofContest)
      const audience = ofContest.get(top) ?? newAudience(top)
      ofContest.set(top, audience)
      audience.followers.add(follower)
    },
    remove,
    among(contestId) {
      const sets = [...(audiences.get(contestId)?.values() ?? [])].map(({ followers }) => followers)
      return (follower) => sets.some((set) => set.has(follower))
    },
    tell(change) {
      for (const audience of audiences.get(change.contestId)?.values() ?? []) {
        if (tellOne(audience, change) === 'lost') sayFetch(audience, change.contestId, clock)
        if (audience.waiting.size === 0 || audience.cancel !== undefined) continue
        audience.cancel = clock.after(every, () => {
          audience.cancel = undefined
          flush(audience, change.contestId)
        })
      }
    },
  }
}

const newAudience = (top: number): Audience => ({
  top,
  followers: new Set(),
  heard: undefined,
  told: undefined,
  waiting: new Map(),
  first: new Set(),
  named: new Map(),
  cancel: undefined,
  resting: undefined,
  isLost: false,
})

function tellOne(audience: Audience, change: LeaderboardChanged): 'told' | 'lost' {
  const { contestId, previous, revision } = change
  const isGap = audience.heard !== undefined && audience.heard !== previous
  audience.told ??= previous
  audience.heard = revision
  for (const row of change.cells) audience.waiting.set(row.userId, merged(audience.waiting.get(row.userId), row))
  if (change.refetch || isGap || audience.waiting.size > mostWaiting) {
    audience.waiting.clear()
    return 'lost'
  }
  const now = change.cells.flatMap(({ userId }) => (isFirst(audience, audience.waiting.get(userId)) ? userId : []))
  const rows = now.flatMap((userId) => audience.waiting.get(userId) ?? [])
  const shared = rows.length === 0 ? undefined : messageOf(audience, contestId, { rows })
  const others = change.cells.flatMap(({ userId }) => (now.includes(userId) ? [] : (audience.waiting.get(userId) ?? [])))
  const owners = new Map(others.map((row) => [row.userId, row]))
  const frame = shared && frameOf(shared)
  for (const follower of audience.followers) {
    const own = owners.get(follower.held?.userId ?? '')
    if (own) follower.say(frameOf(messageOf({ ...audience, named: new Map(audience.named) }, contestId, { rows: [...rows, own] })))
    else if (frame) follower.say(frame)
  }
  for (const userId of now) audience.waiting.delete(userId)
  if (shared) audience.told = revision
  return 'told'
}

function sayFetch(audience: Audience, contestId: string, clock: Pick<Clock, 'after'>): void {
  audience.isLost = audience.resting !== undefined
  if (audience.isLost) return
  sayAll(audience, messageOf(audience, contestId, { rows: [], refetch: true }))
  audience.told = audience.heard
  audience.resting = clock.after(fetchEvery, () => {
    audience.resting = undefined
    if (audience.isLost) sayFetch(audience, contestId, clock)
  })
}

function isFirst({ top, first }: Audience, row: RowChange | undefined): boolean {
  if (row === undefined) return false
  const isNow = row.rank !== undefined && row.rank <= top
  const was = first.delete(row.userId)
  if (isNow) first.add(row.userId)
  return isNow || was
}

function flush(audience: Audience, contestId: string): void {
  if (audience.waiting.size === 0) return
  sayAll(audience, messageOf(audience, contestId, { rows: [...audience.waiting.values()] }))
  audience.waiting.clear()
  audience.told = audience.heard
}

/** How the row stands after both: the newer totals, and each cell as it was told last. */
function merged(before: RowChange | undefined, after: RowChange): RowChange {
  if (before === undefined) return after
  const cells = new Map([...before.cells, ...after.cells].map((cell) => [cell.problemId, cell]))
  return { ...after, cells: [...cells.values()] }
}

type Moved = Extract<ServerMessage, { type: 'moved' }>
function messageOf(audience: Audience, contestId: string, { rows, refetch }: { rows: readonly RowChange[]; refetch?: true }): Moved {
  return {
    type: 'moved',
    board: contestId.slice(-12),
    p: audience.told ?? 0,
    r: audience.heard ?? 0,
    rows: rows.map((row) => moveOf(audience, row)),
    ...(refetch && { refetch }),
  }
}

function moveOf({ named }: Audience, { userId, name, school, score, penalty, lastMinute, rank = 0, cells }: RowChange): BoardMove {
  const inWords = `${name}\n${school}`
  const isNew = named.get(userId) !== inWords
  named.set(userId, inWords)
  return [
    userId.slice(-12),
    score,
    penalty,
    lastMinute,
    rank,
    cells.map((cell) => [
      cell.label,
      cell.solved ? (cell.first ? 2 : 1) : 0,
      cell.score,
      cell.attempts,
      cell.pending,
      ...(cell.minute === undefined ? [] : [cell.minute]),
    ]),
    isNew ? [userId, name, school] : [],
  ]
}

function sayAll({ followers }: Audience, message: ServerMessage): void {
  const frame = frameOf(message)
  for (const follower of followers) follower.say(frame)
}
