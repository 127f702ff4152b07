/**
 * The socket of /api/ws, kept open: authenticates first, says again what it is subscribed to, resumes after the last `seq` it saw, comes back after
 * a drop with growing, jittered pauses (or the one that the server names), and notices a line that died in silence (no word within `silenceMs`, though we ping).
 * Transitions: off → connecting → ready → waiting → connecting …; `stop` leads to off from anywhere.
 * What it tells is a hint, never the truth: after `reconnected` listeners read again what they show.
 */
import type { ClientMessage, closeCodes as contractCloseCodes, ServerMessage } from '#contracts/notifications'
import { backOffMs } from './api-client.ts'

export const closeCodes: typeof contractCloseCodes = { unauthenticated: 4401, sessionEnded: 4403, authTimeout: 4408, protocol: 1008, comeAgain: 1013 }

export type LiveState = 'off' | 'connecting' | 'ready' | 'waiting'
export type LiveEvent = ServerMessage | { readonly type: 'reconnected' }

/** The part of a WebSocket that is used. */
export type SocketLike = {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason?: string }) => void) | null
}

export type LiveDeps = {
  readonly open: () => SocketLike
  /** undefined: nobody is logged in, so there is nothing to connect for. */
  readonly token: (options: { renew: boolean }) => Promise<string | undefined>
  readonly random: () => number
  /** @returns how to call it off */
  readonly after: (ms: number, work: () => void) => () => void
  readonly onState: (state: LiveState) => void
}

export type Live = {
  readonly start: () => void
  readonly stop: () => void
  /** Tries at once if it is waiting: the page became visible, the network came back. */
  readonly nudge: () => void
  /** `top`: of a board, only its first rows and one's own come at once (`moved` instead of `leaderboard.changed`); who asks last decides for all. */
  readonly subscribe: (channel: string, top?: number) => () => void
  readonly listen: (listener: (event: LiveEvent) => void) => () => void
}

const pingMs = 25_000
const silenceMs = 60_000

/** `retry 1234`, as the contract has it; anything else, or a pause nobody would wait for, is ours to decide. */
function namedPauseMs(reason: string): number | undefined {
  const named = Number(/^retry (\d{1,5})$/.exec(reason)?.[1])
  return named <= 10_000 ? named : undefined
}

const subscription = (channel: string, top: number | undefined): ClientMessage => ({ type: 'subscribe', channel, ...(top !== undefined && { top }) })

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the closure is the object; its functions are short and share the socket
export function createLive(deps: LiveDeps): Live {
  const listeners = new Set<(event: LiveEvent) => void>()
  const channels = new Map<string, { holders: number; top: number | undefined }>()
  let state: LiveState = 'off'
  let socket: SocketLike | undefined
  let lastSeq: number | undefined
  let failures = 0
  let renewNext = false
  /** Grows with each connection; what belongs to an older one is ignored. */
  let era = 0
  let timers: (() => void)[] = []

  const become = (next: LiveState) => {
    state = next
    deps.onState(next)
  }
  const tell = (event: LiveEvent) => {
    for (const listener of [...listeners]) listener(event)
  }
  const say = (message: ClientMessage) => socket?.send(JSON.stringify(message))
  const dropTimers = () => {
    for (const cancel of timers) cancel()
    timers = []
  }
  const leave = () => {
    era++
    dropTimers()
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    }
    socket = undefined
  }

  async function connect(): Promise<void> {
    leave()
    const mine = era
    become('connecting')
    let token: string | undefined
    try {
      token = await deps.token({ renew: renewNext })
    } catch {
      // The line is down: `retry` below is the whole cure, and the state says so to the page.
      if (mine === era) retry()
      return
    }
    if (mine !== era) return
    renewNext = false
    if (!token) return become('off')
    const opened = deps.open()
    socket = opened
    opened.onopen = () => opened.send(JSON.stringify({ type: 'auth', token } satisfies ClientMessage))
    opened.onclose = ({ code, reason }) => dropped(code, reason)
    opened.onmessage = ({ data }) => heard(String(data))
    watchSilence()
  }

  function watchSilence(): void {
    dropTimers()
    timers = [deps.after(pingMs, ping), deps.after(silenceMs, () => dropped(0))]
  }
  function ping(): void {
    if (state === 'ready') say({ type: 'ping' })
    timers.push(deps.after(pingMs, ping))
  }

  function heard(text: string): void {
    watchSilence()
    const message = JSON.parse(text) as ServerMessage
    if (message.type === 'ready') {
      ready(message.seq)
      return
    }
    if ('seq' in message) {
      if (lastSeq !== undefined && message.seq <= lastSeq) return
      lastSeq = message.seq
    }
    tell(message)
  }

  function ready(seq: number): void {
    const isFirst = lastSeq === undefined
    failures = 0
    for (const [channel, { top }] of channels) say(subscription(channel, top))
    if (lastSeq !== undefined && seq > lastSeq) say({ type: 'resume', after: lastSeq })
    lastSeq ??= seq
    become('ready')
    if (!isFirst) tell({ type: 'reconnected' })
  }

  function dropped(code: number, reason = ''): void {
    const wasReady = state === 'ready'
    leave()
    const isTokenOver = code === closeCodes.unauthenticated || code === closeCodes.sessionEnded
    if (isTokenOver) renewNext = true
    // Tokens run out every ten minutes by design: nothing is wrong with the line, so no pause and no word to the page.
    if (isTokenOver && wasReady) void connect()
    else retry(code === closeCodes.comeAgain ? namedPauseMs(reason) : undefined)
  }
  function retry(pauseMs = backOffMs(failures++, deps.random(), 500, 30_000)): void {
    become('waiting')
    timers.push(deps.after(pauseMs, () => void connect()))
  }

  return {
    start() {
      if (state === 'off') void connect()
    },
    stop() {
      leave()
      lastSeq = undefined
      failures = 0
      renewNext = false
      if (state !== 'off') become('off')
    },
    nudge() {
      if (state !== 'waiting') return
      failures = 0
      void connect()
    },
    subscribe(channel, top) {
      const known = channels.get(channel)
      channels.set(channel, { holders: (known?.holders ?? 0) + 1, top })
      if ((known === undefined || known.top !== top) && state === 'ready') say(subscription(channel, top))
      let held = true
      return () => {
        if (!held) return
        held = false
        const left = channels.get(channel)
        if (left && left.holders > 1) return void channels.set(channel, { ...left, holders: left.holders - 1 })
        channels.delete(channel)
        if (state === 'ready') say({ type: 'unsubscribe', channel })
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
