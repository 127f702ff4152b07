import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ContestSummary } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'

/**
 * Joining from the list, where a press means nothing but joining: a clock of one's own would begin at once, and a premium contest asks for more, so those
 * two are joined on their own page.
 */
export function ComingContest({ contest }: { readonly contest: ContestSummary }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const join = useAction({
    mutationFn: () => api.call('POST /api/contests/:id/register', { params: { id: contest.id } }),
    onSuccess: ({ contest: joined }) => {
      client.setQueryData(keys.contest(contest.id), joined)
      toast(t('discover.joined', { title: contest.title }))
      return client.invalidateQueries({ queryKey: keys.contests() })
    },
  })
  if (contest.registered) return null
  if (contest.premium || contest.timing === 'personal') {
    return (
      <Link href={`/contests/${contest.id}`} className="button button-small" aria-label={`${t('discover.look')}: ${contest.title}`}>
        {t('discover.look')}
      </Link>
    )
  }
  return (
    <>
      <FormError error={join.error} />
      <Button small tone="primary" icon="flag" busy={join.isPending} label={`${t('discover.join')}: ${contest.title}`} onPress={() => join.mutate()}>
        {t('discover.join')}
      </Button>
    </>
  )
}
