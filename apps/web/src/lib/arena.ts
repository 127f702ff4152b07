/** The page's one of each: storage, clock, session, api, socket. Features take them from here; tests make their own from the factories. */
import type { User } from '#contracts/user'
import { createApi, type SessionOverCode } from './api-client.ts'
import { browserDb } from './browser-db.ts'
import { createServerClock } from './clock.ts'
import { createDrafts } from './drafts.ts'
import { takeEarlyAnswer, takeEarlySession } from './early.ts'
import { exclusiveIn } from './exclusive.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { createKeptKeys } from './kept-keys.ts'
import { forgetPerson, keepPerson, keptPerson } from './kept-person.ts'
import { createLive, type LiveState, type SocketLike } from './live-socket.ts'
import { createOutbox } from './outbox.ts'
import { outboxStore } from './outbox-store.ts'
import { randomId } from './random-id.ts'
import { askForSync } from './service-worker.ts'
import { browserStorage } from './storage.ts'
import { createStore } from './store.ts'

/** `restoring`: there may be a session, not known yet. */
export type Session = { readonly status: 'restoring' } | { readonly status: 'anonymous' } | { readonly status: 'signed-in'; readonly user: User }

/** `1`: there is a session as far as we know. A code: the server ended it, and the page that was open then asks to log in again. */
const hintKey = 'arena.session'
const hasSession = '1'
export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

export const storage = browserStorage(() => window.localStorage)
export const clock = createServerClock(() => Date.now())
export const session = createStore<Session>({ status: storage.get(hintKey) === hasSession ? 'restoring' : 'anonymous' })
/** Why the server ended the session of this browser; undefined once somebody has logged in. While somebody is still `signed-in`, the page waits for their login. */
export const sessionOver = createStore<SessionOverCode | undefined>(undefined)
export const reachable = createStore(true)
export const liveState = createStore<LiveState>('off')
export const drafts = createDrafts(storage, () => Date.now())
export const keptKeys = createKeptKeys(storage, { now: () => Date.now(), newKey: randomId })

const who = () => {
  const now = session.get()
  return now.status === 'signed-in' ? now.user : undefined
}
const db = browserDb(() => window.indexedDB)
/** Also before the session is proven: without a line it is never. */
const reader = () => {
  const person = session.get().status === 'restoring' ? keptPerson(storage) : who()
  return person?.role === 'student' ? person.id : undefined
}
const keptAnswers = createKeptAnswers(db('answers'), { reader, now: () => Date.now() })
const locks = navigator.locks as LockManager | undefined
const lease = { storage, now: () => Date.now(), sleep, id: randomId() }
const after = (ms: number, work: () => void) => {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

export const api = createApi({
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  sleep,
  random: () => Math.random(),
  exclusive: exclusiveIn(locks, lease),
  hint: {
    get: () => storage.get(hintKey) === hasSession,
    set(has) {
      if (has) storage.set(hintKey, hasSession)
      else storage.remove(hintKey)
    },
  },
  onUser(user) {
    if (user) {
      sessionOver.set(undefined)
      keepPerson(storage, user)
    } else forgetPerson(storage)
    void keptAnswers.wipeAllBut(user?.id)
    session.set(user ? { status: 'signed-in', user } : { status: 'anonymous' })
  },
  onSessionOver(code) {
    storage.set(hintKey, code)
    sessionEnded(code)
  },
  isWaitingForLogin: () => sessionOver.get() !== undefined && who() !== undefined,
  kept: keptAnswers,
  early: { session: takeEarlySession, answer: takeEarlyAnswer },
  onServerNow: clock.heard,
  onReachable: reachable.set,
})

export const live = createLive({
  open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`) as unknown as SocketLike,
  token: api.accessToken,
  random: () => Math.random(),
  after,
  onState: liveState.set,
})

/** What was handed in and waits for a clear answer. */
export const outbox = createOutbox({
  store: outboxStore(db('outbox'), storage),
  send: ({ key, body, userId }) => api.call('POST /api/submit', { headers: { 'idempotency-key': key }, body }, { onlyAs: userId }),
  who: () => who()?.id,
  now: clock.now,
  newKey: randomId,
  random: () => Math.random(),
  exclusive: exclusiveIn(locks, { ...lease, name: 'outbox' }),
  after,
})

/** Who is in the middle of something stays on their page and is asked to log in again; a page that has just been opened begins as nobody's. */
function sessionEnded(code: SessionOverCode): void {
  sessionOver.set(code)
  if (session.get().status === 'signed-in') return
  forgetPerson(storage)
  session.set({ status: 'anonymous' })
}

/** Without logging in again: what was on the page of the one whose session ended goes. */
export function leaveAfterSessionOver(): void {
  api.forget()
  sessionOver.set(undefined)
}

/** Restores the session if there may be one; tries on while the line is down, and meanwhile whoever was here last may read and write on. */
async function restore(): Promise<void> {
  for (let pauseMs = 1000; ; pauseMs = Math.min(pauseMs * 2, 15_000)) {
    try {
      if ((await api.accessToken()) === undefined && sessionOver.get() === undefined) api.forget()
      return
    } catch {
      // Not reachable: the banner says so. The session is neither over nor proven; ask again.
      const person = keptPerson(storage)
      if (person && session.get().status === 'restoring') session.set({ status: 'signed-in', user: person })
      await sleep(pauseMs)
    }
  }
}

/** All that may mean the line is back, or that there is somebody to send for. */
function sendWhenPossible(): void {
  const changed = 'BroadcastChannel' in window ? new BroadcastChannel('arena.outbox') : undefined
  if (changed) changed.onmessage = () => void outbox.reload()
  outbox.onSent(() => changed?.postMessage('sent'))
  let sender: string | undefined
  session.subscribe(() => {
    if (sender === who()?.id && sessionOver.get() === undefined) return outbox.nudge()
    sender = who()?.id
    void outbox.reload().then(outbox.nudge)
  })
  reachable.subscribe(() => reachable.get() && outbox.nudge())
  outbox.items.subscribe(() => void (outbox.items.get().some(({ refused }) => refused === undefined) && askForSync()))
  liveState.subscribe(() => liveState.get() === 'ready' && outbox.nudge())
}

/** Called once, from main. */
export function startArena(): void {
  let listener = ''
  const follow = () => {
    const next = who()?.id ?? ''
    if (next !== listener) live.stop()
    listener = next
    // the same person again: their session had ended, and the socket with it
    if (listener) live.start()
  }
  session.subscribe(follow)
  sendWhenPossible()
  window.addEventListener('storage', (event) => {
    if (event.key !== hintKey) return
    if (event.newValue === null) return api.forget()
    if (event.newValue !== hasSession) return sessionEnded(event.newValue as SessionOverCode)
    if (session.get().status === 'anonymous') {
      session.set({ status: 'restoring' })
      void restore()
    }
  })
  const lineMayBeBack = () => {
    live.nudge()
    outbox.nudge()
  }
  // Believed until a request fails, as its opposite is: what was read meanwhile is read again (live-cache.ts), and not only when somebody next asks for something.
  window.addEventListener('online', () => {
    reachable.set(true)
    lineMayBeBack()
  })
  window.addEventListener('offline', () => reachable.set(false))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') lineMayBeBack()
  })
  void restore()
}
