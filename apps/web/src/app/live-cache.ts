/** What pushes and changes of identity do to the cache. The cache's copy is the one truth of the page; a push makes it newer or marks it stale. */
import { QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { reachable, session } from '../lib/arena.ts'
import { pushText } from '../lib/error-text.ts'
import { keys } from '../lib/query-keys.ts'
import { useLive } from '../lib/use-live.ts'
import { isWatched } from '../lib/watched.ts'
import { toast } from '../ui/toasts.tsx'
import { followAccount } from './language.ts'

/** The api client repeats reads itself. `always`: a school's own network has no internet, and the browser may call that offline. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, networkMode: 'always', staleTime: 5_000, gcTime: 10 * 60_000, refetchOnWindowFocus: true },
    mutations: { retry: false, networkMode: 'always' },
  },
})

const identity = () => {
  const now = session.get()
  return now.status === 'signed-in' ? `${now.user.id} ${now.user.role}` : now.status
}

/** Another person, another role or nobody: nothing read before may be shown on. */
export function useIdentityFollowed(): void {
  const client = useQueryClient()
  useEffect(() => {
    let before = identity()
    const follow = () => {
      const now = identity()
      if (before !== now && before !== 'restoring') void client.resetQueries()
      before = now
      followAccount()
    }
    follow()
    return session.subscribe(follow)
  }, [client])
}

const aboutMoney = new Set(['RECEIPT_ISSUED', 'RENEWAL_DUE', 'SUBSCRIPTION_OPENED', 'SUBSCRIPTION_ENDED'])

export function useLiveCache(): void {
  const client = useQueryClient()
  // what was read while the line was down is from before, or failed
  useEffect(() => reachable.subscribe(() => void (reachable.get() && client.invalidateQueries({ type: 'active' }))), [client])
  const { t } = useTranslation()
  useLive((event) => {
    if (event.type === 'reconnected') return void client.invalidateQueries({ type: 'active' })
    if (event.type === 'contest.changed') {
      void client.invalidateQueries({ queryKey: keys.contest(event.contestId) })
      return void client.invalidateQueries({ queryKey: keys.contests() })
    }
    if (event.type === 'notification' || event.type === 'submission.judged') {
      if (event.type === 'notification' || !isWatched(event.id)) toast(pushText(t, event))
      void client.invalidateQueries({ queryKey: keys.inbox() })
    }
    if (event.type === 'notification' && aboutMoney.has(event.code)) void client.invalidateQueries({ queryKey: keys.billing() })
    if (event.type === 'submission.judged') {
      client.setQueryData<Submission>(keys.submission(event.id), (known) => known && { ...known, status: 'judged', verdict: event.verdict, score: event.score })
      void client.invalidateQueries({ queryKey: keys.submission(event.id) })
      void client.invalidateQueries({ queryKey: ['submissions'] })
    }
  })
}
