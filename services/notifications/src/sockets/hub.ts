import type { LeaderboardChanged } from '#contracts/leaderboard'
import { closeCodes, type ServerMessage } from '#contracts/notifications'
import type { Kept } from '../domain/messages.ts'
import type { Connection, Member } from './connection.ts'
import type { Followers } from './followers.ts'
import { frameOf } from './frame.ts'
import { limits } from './limits.ts'

/** Which sockets of this replica belong to whom and look at what. */
export type Hub = {
  readonly size: number
  join(connection: Connection, address: string): Member
  /** May one more socket come from this address? */
  hasRoom(address: string): boolean
  usersHere(): string[]
  isHere(userId: string): boolean
  deliver(userId: string, kept: Kept): void
  toUser(userId: string, message: ServerMessage): void
  /** To all who look at the contest's board, made into bytes once; to those who follow its first rows, what they want of it. */
  toViewers(change: LeaderboardChanged): void
  /** To those who look at the board and to these users, each socket once. */
  toViewersAnd(contestId: string, userIds: readonly string[], message: ServerMessage): void
  /** Closes the user's sockets of which `isOver` says so: they must log in again. */
  endSessions(userId: string, isOver: (connection: Connection) => boolean): void
  all(): Iterable<Connection>
}

type Count = { total: number; unknown: number }

export function openHub(followers: Followers): Hub {
  const connections = new Set<Connection>()
  const byUser = new Map<string, Set<Connection>>()
  const viewers = openViewers(followers)
  const byAddress = new Map<string, Count>()
  const none: ReadonlySet<Connection> = new Set()
  const ofUser = (userId: string) => byUser.get(userId) ?? none
  const sendAll = (to: Iterable<Connection>, message: ServerMessage) => {
    const frame = frameOf(message)
    for (const connection of to) connection.say(frame)
  }

  const join = (connection: Connection, address: string): Member => {
    connections.add(connection)
    const count = byAddress.get(address) ?? { total: 0, unknown: 0 }
    byAddress.set(address, count)
    count.total += 1
    count.unknown += 1
    let isUnknown = true
    const known = () => {
      if (isUnknown) count.unknown -= 1
      isUnknown = false
    }
    return {
      identified() {
        known()
        const userId = connection.held?.userId ?? ''
        if (ofUser(userId).size >= limits.socketsPerUser) return false
        addTo(byUser, userId, connection)
        return true
      },
      subscribed: (contestId, top) => viewers.put(contestId, connection, top),
      gone() {
        known()
        connections.delete(connection)
        count.total -= 1
        if (count.total === 0) byAddress.delete(address)
        if (connection.held) removeFrom(byUser, connection.held.userId, connection)
        for (const channel of connection.channels) viewers.put(channel.slice('leaderboard:'.length), connection, 'off')
      },
    }
  }

  return {
    get size() {
      return connections.size
    },
    join,
    hasRoom(address) {
      const { total, unknown } = byAddress.get(address) ?? { total: 0, unknown: 0 }
      return connections.size < limits.sockets && total < limits.socketsPerAddress && unknown < limits.unknownPerAddress
    },
    usersHere: () => [...byUser.keys()],
    isHere: (userId) => byUser.has(userId),
    deliver(userId, kept) {
      for (const connection of ofUser(userId)) connection.deliver(kept)
    },
    toUser: (userId, message) => sendAll(ofUser(userId), message),
    toViewers(change) {
      sendAll(viewers.ofAllRows(change.contestId), { type: 'leaderboard.changed', ...change })
      followers.tell(change)
    },
    toViewersAnd: (contestId, userIds, message) => sendAll(new Set([...viewers.of(contestId), ...userIds.flatMap((userId) => [...ofUser(userId)])]), message),
    endSessions(userId, isOver) {
      for (const connection of ofUser(userId)) if (isOver(connection)) connection.close(closeCodes.sessionEnded, 'session ended')
    },
    all: () => connections,
  }
}

/** Who looks at which board: all of it, or its first rows. */
function openViewers(followers: Followers) {
  const byContest = new Map<string, Set<Connection>>()
  const of = (contestId: string) => [...(byContest.get(contestId) ?? [])]
  return {
    of,
    ofAllRows(contestId: string) {
      const follows = followers.among(contestId)
      return of(contestId).filter((connection) => !follows(connection))
    },
    put(contestId: string, connection: Connection, top: number | 'all' | 'off') {
      if (top === 'off') removeFrom(byContest, contestId, connection)
      else addTo(byContest, contestId, connection)
      if (typeof top === 'number') followers.add(contestId, top, connection)
      else followers.remove(contestId, connection)
    },
  }
}

function addTo(index: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const known = index.get(key) ?? new Set()
  index.set(key, known.add(connection))
}
function removeFrom(index: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const known = index.get(key)
  known?.delete(connection)
  if (known?.size === 0) index.delete(key)
}
