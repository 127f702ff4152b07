import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Submit } from '#contracts/submission'
import { outbox } from '../lib/arena.ts'
import { errorText } from '../lib/error-text.ts'
import { formatDateTime } from '../lib/format.ts'
import { errorOfRefusal, type OutboxItem } from '../lib/outbox.ts'
import { t as tNow } from '../lib/translate.ts'
import { useStore } from '../lib/use-store.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { toast } from '../ui/toasts.tsx'

/** What was handed in, as its author would paste it somewhere else. */
function textOf(body: Submit): string {
  if ('source' in body) return body.source
  return 'choices' in body.answer ? body.answer.choices.join(', ') : [body.answer.value, body.answer.unit].filter(Boolean).join(' ')
}

/** What waits to be sent and what was refused while nobody looked, wherever one is. Part of the first visit: it is needed when nothing can be fetched. */
export function OutboxBar() {
  const { t } = useTranslation()
  const items = useStore(outbox.items)
  useEffect(() => outbox.onSent(({ item, late }) => late && toast(tNow('outbox.sentTitle', { title: item.title ?? tNow('outbox.answer') }))), [])
  if (items.length === 0) return null
  const refused = items.filter((item) => item.refused !== undefined).length
  const waiting = items.length - refused
  return (
    <section className="strip outbox">
      <details>
        <summary>
          <span role="status">
            {waiting > 0 && t('outbox.waiting', { count: waiting })}
            {waiting > 0 && refused > 0 && ' · '}
            {refused > 0 && t('outbox.refused', { count: refused })}
          </span>
        </summary>
        {waiting > 0 && (
          <p className="small">
            {t('outbox.kept')} {t('outbox.serverClock')}{' '}
            <Button small onPress={outbox.nudge}>
              {t('outbox.sendNow')}
            </Button>
          </p>
        )}
        <ul className="outbox-list">
          {items.map((item) => (
            <Waiting key={item.key} item={item} />
          ))}
        </ul>
      </details>
    </section>
  )
}

function Waiting({ item }: { readonly item: OutboxItem }) {
  const { t, i18n } = useTranslation()
  const isProgram = 'source' in item.body
  const kind = t(isProgram ? 'outbox.program' : 'outbox.answer')
  return (
    <li className="outbox-item">
      <span>
        <strong>{item.title ?? kind}</strong>{' '}
        <span className="small">
          {item.title && `${kind} · `}
          {t('outbox.madeAt', { at: formatDateTime(new Date(item.madeAt).toISOString(), i18n.language) })}
        </span>
        {item.refused && (
          <span className="small outbox-why">
            {errorText(t, errorOfRefusal(item.refused))} {t('outbox.refusedWhy')}
          </span>
        )}
      </span>
      <span className="row outbox-do">
        <Link href={item.path} className="button button-small">
          {t('outbox.open')}
        </Link>
        <CopyButton text={textOf(item.body)} label={t('outbox.copy')} />
        <Button small onPress={() => void outbox.cancel(item.key)}>
          {item.refused ? t('outbox.dismiss') : t('outbox.cancel')}
        </Button>
      </span>
    </li>
  )
}
