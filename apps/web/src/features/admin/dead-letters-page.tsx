import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../lib/api-client.ts'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, FormError, Shown } from '../../ui/states.tsx'

type Letter = Answer<'GET /api/admin/dead-letters'>['deadLetters'][number]
const queryKey = ['dead-letters']

/** Messages that failed too often: looked at, put back, or thrown away. */
export function DeadLettersPage() {
  const { t } = useTranslation()
  usePageTitle(t('admin.tab.letters'))
  const letters = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await api.call('GET /api/admin/dead-letters', undefined, { signal })).deadLetters,
    refetchInterval: 15_000,
  })
  return (
    <>
      <h1>{t('admin.tab.letters')}</h1>
      <p className="muted">{t('admin.lettersLead')}</p>
      <Shown read={letters}>
        {(list) =>
          list.length === 0 ? <Empty icon="check">{t('admin.noLetters')}</Empty> : list.map((letter) => <LetterCard key={letter.id} letter={letter} />)
        }
      </Shown>
    </>
  )
}

function LetterCard({ letter }: { readonly letter: Letter }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const onSettled = () => void client.invalidateQueries({ queryKey })
  const retry = useMutation({ mutationFn: () => api.call('POST /api/admin/dead-letters/:id/retry', { params: { id: letter.id } }), onSettled })
  const discard = useMutation({
    mutationFn: () => api.call('DELETE /api/admin/dead-letters/:id', { params: { id: letter.id } }),
    onSettled,
    onSuccess: () => setAsks(false),
  })
  return (
    <article className="card">
      <div className="row row-between">
        <h2 className="letter-topic">
          <code>{letter.topic}</code>
        </h2>
        <span className="small muted">
          {letter.queue} · {t('admin.attempts', { count: letter.attempts })} · {formatMoment(letter.diedAt, i18n.language, clock.now())}
        </span>
      </div>
      <p className="letter-reason">{letter.reason}</p>
      <dl className="letter-facts small">
        {Object.entries(letter.summary).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
      <FormError error={retry.error} />
      <div className="row" style={{ marginTop: '0.8rem' }}>
        <Button small tone="primary" busy={retry.isPending} onPress={() => retry.mutate()}>
          {t('admin.retry')}
        </Button>
        <Button small tone="danger" onPress={() => setAsks(true)}>
          {t('admin.discard')}
        </Button>
      </div>
      {asks && (
        <ConfirmDialog
          title={t('admin.discardTitle')}
          confirm={t('admin.discard')}
          danger
          busy={discard.isPending}
          onConfirm={() => discard.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('admin.discardWhy')}</p>
          <FormError error={discard.error} />
        </ConfirmDialog>
      )}
    </article>
  )
}
