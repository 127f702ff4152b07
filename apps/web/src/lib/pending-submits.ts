/**
 * What was handed in and not answered yet. The Idempotency-Key and the body are kept until an answer comes, over reloads too, so that trying again on
 * a bad line can never count twice; another body gets another key.
 */
import type { Submit } from '#contracts/submission'
import type { KeyValue } from './storage.ts'

export type PendingSubmit = { readonly key: string; readonly body: Submit }

export type PendingSubmits = {
  /** The kept one if it has the same body, else a new one, kept from now on. */
  readonly begin: (userId: string, body: Submit) => PendingSubmit
  readonly find: (userId: string, problemId: string, contestId: string | undefined) => PendingSubmit | undefined
  /** An answer came: accepted, or refused for good. */
  readonly settle: (userId: string, pending: PendingSubmit) => void
}

const slot = (userId: string, problemId: string, contestId: string | undefined) => `arena.pending.${userId}.${contestId ?? '-'}.${problemId}`

export function createPendingSubmits(storage: KeyValue, newKey: () => string): PendingSubmits {
  const find = (userId: string, problemId: string, contestId: string | undefined): PendingSubmit | undefined => {
    const text = storage.get(slot(userId, problemId, contestId))
    if (!text) return undefined
    try {
      return JSON.parse(text) as PendingSubmit
    } catch {
      return undefined
    }
  }
  return {
    find,
    begin(userId, body) {
      const kept = find(userId, body.problemId, body.contestId)
      if (kept && JSON.stringify(kept.body) === JSON.stringify(body)) return kept
      const pending = { key: newKey(), body }
      storage.set(slot(userId, body.problemId, body.contestId), JSON.stringify(pending))
      return pending
    },
    settle(userId, pending) {
      const name = slot(userId, pending.body.problemId, pending.body.contestId)
      if (find(userId, pending.body.problemId, pending.body.contestId)?.key === pending.key) storage.remove(name)
    },
  }
}
