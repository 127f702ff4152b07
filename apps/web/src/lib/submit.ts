import type { Submit } from '#contracts/submission'
import { type Api, ApiError, backOffMs } from './api-client.ts'
import type { PendingSubmits } from './pending-submits.ts'

export type SubmitDeps = {
  readonly api: Pick<Api, 'call'>
  readonly pending: PendingSubmits
  readonly sleep: (ms: number) => Promise<void>
  readonly random: () => number
}
export type SubmitInput = { readonly userId: string; readonly body: Submit; readonly onRetry: (attempt: number) => void }

const tries = 6

/**
 * Hands in, trying again under the same key while no clear answer comes (about 25 s in all). Throws the refusal, or the last failure of the line; the
 * kept key then makes a later press of the button the same submission.
 */
export async function submitSafely({ api, pending, sleep, random }: SubmitDeps, { userId, body, onRetry }: SubmitInput): Promise<{ id: string }> {
  const kept = pending.begin(userId, body)
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await api.call('POST /api/submit', { headers: { 'idempotency-key': kept.key }, body: kept.body })
      pending.settle(userId, kept)
      return answer
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!error.isAmbiguous) {
        // Logged out meanwhile: nothing was taken, and after the next login the same key may be used.
        if (error.status !== 401) pending.settle(userId, kept)
        throw error
      }
      if (attempt + 1 >= tries) throw error
      onRetry(attempt + 1)
      await sleep(backOffMs(attempt, random(), 800, 10_000))
    }
  }
}
