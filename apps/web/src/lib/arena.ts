/** The page's one of each: storage, clock, session, api, socket. Features take them from here; tests make their own from the factories. */
import type { User } from '#contracts/user'
import { createApi, type SessionOverCode } from './api-client.ts'
import { createServerClock } from './clock.ts'
import { createDrafts } from './drafts.ts'
import { exclusiveIn } from './exclusive.ts'
import { createKeptKeys } from './kept-keys.ts'
import { createLive, type LiveState, type SocketLike } from './live-socket.ts'
import { createPendingSubmits } from './pending-submits.ts'
import { randomId } from './random-id.ts'
import { browserStorage } from './storage.ts'
import { createStore } from './store.ts'

/** `restoring`: there may be a session, not known yet. */
export type Session = { readonly status: 'restoring' } | { readonly status: 'anonymous' } | { readonly status: 'signed-in'; readonly user: User }

const hintKey = 'arena.session'
export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

export const storage = browserStorage(() => window.localStorage)
export const clock = createServerClock(() => Date.now())
export const session = createStore<Session>({ status: storage.get(hintKey) ? 'restoring' : 'anonymous' })
/** Why the server ended the session of this browser; undefined once somebody has logged in. */
export const sessionOver = createStore<SessionOverCode | undefined>(undefined)
export const reachable = createStore(true)
export const liveState = createStore<LiveState>('off')
export const drafts = createDrafts(storage, () => Date.now())
export const keptKeys = createKeptKeys(storage, { now: () => Date.now(), newKey: randomId })
export const pendingSubmits = createPendingSubmits(storage, randomId)

export const api = createApi({
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  sleep,
  random: () => Math.random(),
  exclusive: exclusiveIn(navigator.locks as LockManager | undefined, { storage, now: () => Date.now(), sleep, id: randomId() }),
  hint: { get: () => storage.get(hintKey) !== undefined, set: (has) => (has ? storage.set(hintKey, '1') : storage.remove(hintKey)) },
  onUser(user) {
    if (user) sessionOver.set(undefined)
    session.set(user ? { status: 'signed-in', user } : { status: 'anonymous' })
  },
  onSessionOver: sessionOver.set,
  onServerNow: clock.heard,
  onReachable: reachable.set,
})

export const live = createLive({
  open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`) as unknown as SocketLike,
  token: api.accessToken,
  random: () => Math.random(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  onState: liveState.set,
})

/** Restores the session if there may be one; tries on while the line is down. */
async function restore(): Promise<void> {
  for (let pauseMs = 1000; session.get().status === 'restoring'; pauseMs = Math.min(pauseMs * 2, 15_000)) {
    try {
      if (!(await api.accessToken())) return api.forget()
    } catch {
      // Not reachable: the banner says so. The session is neither over nor proven; ask again.
      await sleep(pauseMs)
    }
  }
}

/** Called once, from main. */
export function startArena(): void {
  let who = ''
  const follow = () => {
    const now = session.get()
    const next = now.status === 'signed-in' ? now.user.id : ''
    if (next === who) return
    who = next
    live.stop()
    if (who) live.start()
  }
  session.subscribe(follow)
  window.addEventListener('storage', (event) => {
    if (event.key !== hintKey) return
    if (event.newValue === null) return api.forget()
    if (session.get().status === 'anonymous') {
      session.set({ status: 'restoring' })
      void restore()
    }
  })
  window.addEventListener('online', live.nudge)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') live.nudge()
  })
  void restore()
}
