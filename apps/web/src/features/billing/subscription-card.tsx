import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Subscription } from '#contracts/billing'
import { api } from '../../lib/arena.ts'
import { formatDateTime, formatDay } from '../../lib/format.ts'
import { formatMoney } from '../../lib/money.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { useNow } from '../../lib/use-now.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormError, Note } from '../../ui/states.tsx'
import { PayDue } from './pay-due.tsx'
import { isOpen, isOver, mayPay } from './purchase.ts'
import { SchoolCode, SchoolMembers } from './school.tsx'

type Props = { readonly subscription: Subscription }
const tones: Record<Subscription['status'], string> = {
  pending: 'tone-wait',
  trialing: 'tone-teal',
  active: 'tone-good',
  grace: 'tone-gold',
  expired: '',
  cancelled: '',
}

/** One subscription: where it stands in plain words, and what can be done about it. */
export function SubscriptionCard({ subscription }: Props) {
  const { t } = useTranslation()
  const now = useNow(60_000)
  const { id, planName, school, status, isHolder, audience } = subscription
  return (
    <article className="card" aria-labelledby={`subscription-${id}`}>
      <div className="row row-between" style={{ marginBottom: '0.4rem' }}>
        <h2 id={`subscription-${id}`} style={{ margin: 0 }}>
          {planName}
        </h2>
        <span className={`badge ${tones[status]}`}>{t(`billing.status.${status}`)}</span>
      </div>
      {school && <p className="muted">{school}</p>}
      <StatusWords subscription={subscription} />
      {mayPay(subscription, now) && <PayDue subscription={subscription} />}
      {isHolder && audience === 'school' && isOpen(subscription) && <SchoolCode subscription={subscription} />}
      {isHolder && audience === 'school' && !isOver(subscription) && <SchoolMembers subscription={subscription} />}
      {isHolder ? <HolderActions subscription={subscription} /> : <Leave subscription={subscription} />}
    </article>
  )
}

/** What it is, until when, and what happens then. */
function StatusWords({ subscription }: Props) {
  const { t, i18n } = useTranslation()
  const { status, price, cancelsAtPeriodEnd, periodEndsAt, openUntil, sponsored, isHolder } = subscription
  const day = (iso: string | null) => (iso ? formatDay(iso, i18n.language) : '–')
  const money = formatMoney(price, i18n.language)
  const next = () => {
    if (cancelsAtPeriodEnd) return t('billing.words.endsThen')
    if (sponsored) return t('billing.words.sponsored')
    if (!isHolder) return t('billing.words.schoolPays')
    return price.amount > 0 ? t('billing.words.thenDue', { money }) : ''
  }
  if (status === 'grace') {
    return (
      <Note tone="gold">
        <p>{t('billing.words.grace', { ended: day(periodEndsAt), until: openUntil ? formatDateTime(openUntil, i18n.language) : '–' })}</p>
      </Note>
    )
  }
  if (status === 'pending') return <p>{t('billing.words.pending', { money })}</p>
  if (isOver(subscription)) return <p className="muted">{t(`billing.words.${status as 'expired' | 'cancelled'}`, { when: day(openUntil ?? periodEndsAt) })}</p>
  return (
    <p>
      {t(`billing.words.${status as 'trialing' | 'active'}`, { when: day(periodEndsAt) })} {next()}
    </p>
  )
}

function HolderActions({ subscription }: Props) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const { id, cancelsAtPeriodEnd, periodEndsAt, planName } = subscription
  const onSuccess = () => {
    setAsks(false)
    void client.invalidateQueries({ queryKey: keys.billing() })
  }
  const cancel = useAction({ mutationFn: () => api.call('DELETE /api/subscriptions/:id', { params: { id } }), onSuccess })
  const resume = useAction({ mutationFn: () => api.call('POST /api/subscriptions/:id/resume', { params: { id } }), onSuccess })
  if (isOver(subscription)) return null
  const staysOpen = isOpen(subscription) && periodEndsAt !== null
  return (
    <div style={{ marginTop: '1rem' }}>
      <FormError error={resume.error} />
      {cancelsAtPeriodEnd ? (
        <Button busy={resume.isPending} onPress={() => resume.mutate()}>
          {t('billing.resume')}
        </Button>
      ) : (
        <Button tone="danger" small onPress={() => setAsks(true)}>
          {t('billing.cancel')}
        </Button>
      )}
      {asks && (
        <ConfirmDialog
          title={t('billing.cancelTitle', { name: planName })}
          confirm={t('billing.cancel')}
          danger
          busy={cancel.isPending}
          onConfirm={() => cancel.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{staysOpen ? t('billing.cancelLater', { when: formatDateTime(periodEndsAt, i18n.language) }) : t('billing.cancelNow')}</p>
          {subscription.audience === 'school' && subscription.memberCount > 0 && <p>{t('billing.cancelMembers', { count: subscription.memberCount })}</p>}
          <FormError error={cancel.error} />
        </ConfirmDialog>
      )}
    </div>
  )
}

function Leave({ subscription }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const user = useUser()
  const [asks, setAsks] = useState(false)
  const leave = useAction({
    mutationFn: () => api.call('DELETE /api/subscriptions/:id/members/:userId', { params: { id: subscription.id, userId: user?.id ?? '' } }),
    onSuccess: () => {
      setAsks(false)
      void client.invalidateQueries({ queryKey: keys.billing() })
    },
  })
  if (isOver(subscription)) return null
  return (
    <>
      <Button tone="danger" small onPress={() => setAsks(true)}>
        {t('billing.leave')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('billing.leaveTitle', { name: subscription.school ?? subscription.planName })}
          confirm={t('billing.leave')}
          danger
          busy={leave.isPending}
          onConfirm={() => leave.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('billing.leaveWhy')}</p>
          <FormError error={leave.error} />
        </ConfirmDialog>
      )}
    </>
  )
}
