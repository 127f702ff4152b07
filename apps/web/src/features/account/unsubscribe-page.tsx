import { useTranslation } from 'react-i18next'
import { Link, useSearch } from 'wouter'
import { api } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'

/** From the foot of a mail. A press is asked for, since programs that look into mails open links too. */
export function UnsubscribePage() {
  const { t } = useTranslation()
  usePageTitle(t('unsubscribe.title'))
  const token = new URLSearchParams(useSearch()).get('token') ?? ''
  const user = useUser()
  const stop = useAction({
    mutationFn: () => api.call('POST /api/notifications/unsubscribe', { query: { token } }, { form: 'List-Unsubscribe=One-Click' }),
  })
  return (
    <section className="card card-narrow">
      <h1>{t('unsubscribe.title')}</h1>
      {stop.isSuccess ? (
        <Note tone="good" live>
          <p>{t('unsubscribe.done', { kind: t(`mail.kind.${stop.data.kind}`) })}</p>
        </Note>
      ) : token === '' ? (
        <Note tone="gold">
          <p>{t('unsubscribe.noToken')}</p>
        </Note>
      ) : (
        <>
          <p>{t('unsubscribe.lead')}</p>
          <FormError error={stop.error} />
          <Button tone="primary" busy={stop.isPending} onPress={() => stop.mutate()}>
            {t('unsubscribe.stop')}
          </Button>
        </>
      )}
      <p className="hint" style={{ marginTop: '1.2rem' }}>
        {t('unsubscribe.again')} <Link href={user ? '/profile' : '/login?next=/profile'}>{t('nav.profile')}</Link>
      </p>
    </section>
  )
}
