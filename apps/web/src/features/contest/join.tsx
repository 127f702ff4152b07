import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Contest } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { useUser } from '../../lib/use-session.ts'
import { forgetWanted } from '../../lib/wanted.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormError } from '../../ui/states.tsx'
import { mayJoin } from './phase.ts'
import { needsSubscription, PremiumOffer } from './subscription-needed.tsx'

/** Joining; with personal timing asks first, because the clock starts at once and cannot be stopped. */
export function Join({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  const user = useUser()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const join = useAction({
    mutationFn: () => api.call('POST /api/contests/:id/register', { params: { id: contest.id } }),
    onSuccess: (answer) => {
      client.setQueryData(keys.contest(contest.id), answer.contest)
      if (contest.premium) forgetWanted()
      void client.invalidateQueries({ queryKey: keys.contests() })
    },
    onSettled: () => setAsks(false),
  })
  if (!mayJoin(contest)) return null
  if (!user) {
    return (
      <Link href={`/login?next=${encodeURIComponent(`/contests/${contest.id}`)}`} className="button button-primary">
        {t('contest.logInToJoin')}
      </Link>
    )
  }
  const isPersonal = contest.timing === 'personal'
  const begin = () => (isPersonal ? setAsks(true) : join.mutate())
  if (needsSubscription(join.error)) {
    const onOpened = () => {
      join.reset()
      begin()
    }
    return <PremiumOffer error={join.error} onOpened={onOpened} />
  }
  return (
    <>
      <FormError error={join.error} />
      <Button tone="primary" icon="flag" busy={join.isPending} onPress={begin}>
        {t('contest.join')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('contest.joinPersonalTitle')}
          confirm={t('contest.joinPersonalConfirm')}
          busy={join.isPending}
          onConfirm={() => join.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('contest.joinPersonal', { count: contest.durationMinutes ?? 0 })}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
