import type { UserSnapshot } from '#contracts/user'
import { type Instant, parseIso } from '#kernel/time'
import type { Tx } from '#ports/db'
import { sessionsChanged, tellReplicas } from '../broadcasts.ts'
import { roleNotice, welcomeNotice } from '../domain/messages.ts'
import * as store from '../store.ts'
import { type PostDeps, post } from './post.ts'

/** Keeps the newest snapshot; a role that changed is told, and sockets of sessions that are over now are closed everywhere. */
export async function keepUser(deps: PostDeps, tx: Tx, user: UserSnapshot): Promise<void> {
  const before = await store.findUserLocked(tx, user.userId)
  if (before !== undefined && before.revision >= user.revision) return
  await store.saveUser(tx, user)
  if (before !== undefined && before.role !== user.role) await post(deps, tx, user.userId, roleNotice(user.role))
  const { userId, role, disabled } = user
  const sessionsValidFromMs = parseIso(user.sessionsValidFrom) ?? deps.clock.now()
  tx.afterCommit(() => tellReplicas(deps, sessionsChanged, { userId, sessionId: null, role, disabled, sessionsValidFromMs }))
}

/** A new user is welcomed once, whichever of their events comes first. By mail the user service asks for it: that mail carries a secret. */
export async function welcome(deps: PostDeps, tx: Tx, user: UserSnapshot): Promise<void> {
  await keepUser(deps, tx, user)
  const now = deps.clock.now()
  if (!(await store.markWelcomed(tx, user.userId, now))) return
  await post(deps, tx, user.userId, welcomeNotice(user.name))
}

export async function endSession(deps: PostDeps, tx: Tx, { userId, sessionId }: { userId: string; sessionId: string }): Promise<void> {
  await store.insertEndedSession(tx, sessionId, deps.clock.now())
  const still = { role: null, disabled: false, sessionsValidFromMs: 0 as Instant }
  tx.afterCommit(() => tellReplicas(deps, sessionsChanged, { userId, sessionId, ...still }))
}
