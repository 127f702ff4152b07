import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MySession } from '#contracts/user'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { FormError, Note, Shown } from '../../ui/states.tsx'

/** Where one is logged in, each to be logged out. This device is logged out by the menu, so that nobody does it here by accident. */
export function SessionList() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const read = useQuery({ queryKey: keys.sessions(), queryFn: async ({ signal }) => (await api.call('GET /api/me/sessions', undefined, { signal })).sessions })
  const end = useAction({
    mutationFn: (id: string | 'others') =>
      id === 'others' ? api.call('DELETE /api/me/sessions') : api.call('DELETE /api/me/sessions/:id', { params: { id } }),
    onSettled: () => {
      setAsks(false)
      return client.invalidateQueries({ queryKey: keys.sessions() })
    },
  })
  return (
    <section className="card" aria-labelledby="sessions-title" id="sessions">
      <h2 id="sessions-title">{t('sessions.title')}</h2>
      <p className="muted">{t('sessions.lead')}</p>
      <FormError error={end.error} />
      {end.isSuccess && (
        <Note tone="good" live>
          <p>{t('sessions.ended')}</p>
        </Note>
      )}
      <Shown read={read} lines={3}>
        {(sessions) => (
          <>
            <ul className="plain-list session-list">
              {sessions.map((session) => (
                <Session key={session.id} session={session} isEnding={end.isPending && end.variables === session.id} onEnd={() => end.mutate(session.id)} />
              ))}
            </ul>
            {sessions.length > 1 ? (
              <Button icon="lock" onPress={() => setAsks(true)}>
                {t('sessions.endOthers')}
              </Button>
            ) : (
              <p className="small muted">{t('sessions.onlyThis')}</p>
            )}
          </>
        )}
      </Shown>
      {asks && (
        <ConfirmDialog
          title={t('sessions.askTitle')}
          confirm={t('sessions.endOthers')}
          busy={end.isPending}
          onConfirm={() => end.mutate('others')}
          onCancel={() => setAsks(false)}
        >
          <p>{t('sessions.ask')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

type SessionProps = { readonly session: MySession; readonly isEnding: boolean; readonly onEnd: () => void }

function Session({ session, isEnding, onEnd }: SessionProps) {
  const { t, i18n } = useTranslation()
  const { browser, system } = session
  const device = browser && system ? t('sessions.device', { browser, system }) : (browser ?? system ?? t('sessions.unknown'))
  const moment = (iso: string) => formatMoment(iso, i18n.language, clock.now())
  return (
    <li className="session">
      <Icon name="screen" size={22} />
      <div className="grow">
        <strong>{device}</strong>{' '}
        {session.current && (
          <span className="badge tone-teal">
            <Icon name="check" size={14} />
            {t('sessions.this')}
          </span>
        )}
        <div className="small muted">
          {t('sessions.lastUsed', { when: moment(session.lastUsedAt) })}
          <br />
          {t('sessions.since', { when: moment(session.startedAt) })}
        </div>
      </div>
      {!session.current && (
        <Button small tone="danger" busy={isEnding} label={t('sessions.endLabel', { device })} onPress={onEnd}>
          {t('sessions.end')}
        </Button>
      )}
    </li>
  )
}
