import { type ClientMessage, closeCodes, type ServerMessage } from '#contracts/notifications'
import { instant, toIso } from '#kernel/time'
import { ms } from '#kernel/units'
import { type AccessTokens, accessTokenRules } from '#kit/access-tokens'
import type { UserCaller } from '#kit/define-service'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { type Kept, pushOf } from '../domain/messages.ts'
import { type Held, isOver } from '../domain/sessions.ts'
import * as store from '../store.ts'
import type { Frame } from './frame.ts'
import { limits } from './limits.ts'
import { type Accepted, openWire, type Wire } from './wire.ts'

/**
 * One socket's protocol: waiting (5 s for its token) → ready (its user known, until the token expires) → closed.
 *
 * All it does happens one after another: client messages in the order they came, and inbox messages by `cursor`, the last `seq` this socket has. A message
 * that follows the cursor is sent, an older one is there already, a later one means that some were missed: those are read from the inbox. So however
 * broadcasts are lost, doubled or reordered, a socket hears each message once and in order, and `resume` is nothing but a cursor set back.
 */
export type Connection = {
  /** Undefined until the token was verified. */
  readonly held: Held | undefined
  readonly channels: ReadonlySet<string>
  deliver(kept: Kept): void
  /** Says something that has no place in the inbox; nothing before the socket is ready. */
  say(message: ServerMessage | Frame): void
  beat: Wire['beat']
  close: Wire['close']
  cut: Wire['cut']
}

/** What a connection tells the hub it belongs to. */
export type Member = {
  /** @returns false when the user has too many. */
  identified(): boolean
  /** `top`: follows that many first rows; `all`: hears of all rows. */
  subscribed(contestId: string, top: number | 'all' | 'off'): void
  gone(): void
}
type Deps = { readonly db: Db; readonly clock: Clock; readonly tokens: AccessTokens; readonly log: Log }
type State = { held: Held | undefined; isReady: boolean; cursor: number; readonly channels: Set<string> }
type Line = Deps & { readonly wire: Wire; readonly member: Member; readonly state: State }

const contestIn = (channel: string) => channel.slice('leaderboard:'.length)
const replayBatch = 200

export function openConnection(accepted: Accepted, deps: Deps, join: (connection: Connection) => Member): void {
  const state: State = { held: undefined, isReady: false, cursor: 0, channels: new Set() }
  const wire = openWire(accepted, deps, { message: (message) => hear(line, message), gone: () => line.member.gone() })
  const member = join({
    get held() {
      return state.held
    },
    channels: state.channels,
    deliver: (kept) => wire.enqueue(() => deliver(line, kept)),
    say(message) {
      if (state.isReady) wire.say(message)
    },
    beat: wire.beat,
    close: wire.close,
    cut: wire.cut,
  })
  const line: Line = { ...deps, wire, member, state }
  wire.later(limits.authTimeout, () => {
    if (state.held === undefined) wire.close(closeCodes.authTimeout, 'auth first')
  })
}

function hear(line: Line, message: ClientMessage): Promise<void> | void {
  const { wire, member, state, clock } = line
  if (message.type === 'auth') return state.held === undefined ? begin(line, message.token) : wire.close(closeCodes.protocol, 'auth twice')
  if (!state.isReady) return wire.close(closeCodes.unauthenticated, 'auth first')
  if (message.type === 'subscribe') return subscribe(line, message)
  if (message.type === 'ping') return wire.say({ type: 'pong', serverNow: toIso(clock.now()) })
  if (message.type === 'unsubscribe') {
    state.channels.delete(message.channel)
    return member.subscribed(contestIn(message.channel), 'off')
  }
  state.cursor = Math.min(state.cursor, message.after) // a number beyond the inbox's end would hide what comes
  return catchUp(line)
}

async function begin({ wire, member, state, clock, tokens, db }: Line, token: string): Promise<void> {
  const verified = await tokens.verify(token)
  if (!verified.ok) return verified.error === 'UNAVAILABLE' ? wire.close(closeCodes.comeAgain, 'retry') : wire.close(closeCodes.unauthenticated, verified.error)
  if (wire.isClosing) return // it went while its token was verified: to join now would be for ever
  const caller = verified.value
  const held = heldBy(caller)
  state.held = held
  // from here on broadcasts reach it and wait their turn: nothing between reading the inbox's end and listening is missed
  if (!member.identified()) return wire.close(closeCodes.comeAgain, 'too many sockets')
  const session = await store.findSession(db, held.userId, held.sessionId)
  if (session.hasEnded || (session.account !== undefined && isOver(held, session.account))) return wire.close(closeCodes.sessionEnded, 'session ended')
  if (wire.isClosing) return
  state.cursor = session.lastSeq
  state.isReady = true
  wire.later(ms(caller.expiresAt - clock.now() + limits.expiryGrace), () => wire.close(closeCodes.unauthenticated, 'TOKEN_EXPIRED'))
  wire.say({ type: 'ready', seq: state.cursor, serverNow: toIso(clock.now()) })
}

function subscribe({ wire, member, state }: Line, { channel, top }: { channel: string; top?: number }): void {
  if (!state.channels.has(channel) && state.channels.size >= limits.channels) {
    wire.say({ type: 'error', code: 'TOO_MANY_REQUESTS', message: `At most ${limits.channels} channels on one socket.` })
    return
  }
  state.channels.add(channel)
  member.subscribed(contestIn(channel), top ?? 'all')
  wire.say({ type: 'subscribed', channel }) // whether there is such a contest is not told
}

function deliver(line: Line, kept: Kept): Promise<void> | void {
  const { wire, state } = line
  if (kept.seq <= state.cursor) return
  if (kept.seq > state.cursor + 1) return catchUp(line)
  wire.say(pushOf(kept))
  state.cursor = kept.seq
}

/** Everything after the cursor, oldest first. */
async function catchUp({ wire, state, db }: Line): Promise<void> {
  for (;;) {
    const missed = await store.listAfter(db, state.held?.userId ?? '', state.cursor, replayBatch)
    for (const kept of missed) {
      wire.say(pushOf(kept))
      state.cursor = kept.seq
    }
    if (missed.length < replayBatch || wire.isClosing) return
  }
}

/** A user's token names no time of issue here, but all live equally long. */
const heldBy = (caller: UserCaller): Held => ({
  userId: caller.userId,
  sessionId: caller.sessionId,
  role: caller.role,
  issuedAt: instant(caller.expiresAt - accessTokenRules.lifetimeSeconds * 1000),
})
