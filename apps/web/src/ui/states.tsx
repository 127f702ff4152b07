import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../lib/api-client.ts'
import { errorText } from '../lib/error-text.ts'
import { Icon, type IconName } from './icons.tsx'

export function Loading({ lines = 4 }: { readonly lines?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{t('state.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="skeleton" style={{ width: `${92 - ((line * 17) % 45)}%` }} />
      ))}
    </div>
  )
}

export function Empty({ icon = 'inbox', children }: { readonly icon?: IconName; readonly children: ReactNode }) {
  return (
    <div className="state">
      <Icon name={icon} size={40} />
      <div>{children}</div>
    </div>
  )
}

/** A read that failed: why, in the reader's words, and a way to try again. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="state" role="alert">
      <Icon name="alert" size={40} />
      <p>{errorText(t, error)}</p>
      {error instanceof ApiError && error.requestId && error.status >= 500 && <p className="small">{t('state.requestId', { id: error.requestId })}</p>}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t('action.tryAgain')}
        </button>
      )}
    </div>
  )
}

type Read<T> = { readonly data: T | undefined; readonly error: unknown; readonly refetch: () => unknown }

/** Shows a query: what it has, even when a later refresh failed; else the failure; else that it is loading. */
export function Shown<T>({ read, lines, children }: { readonly read: Read<T>; readonly lines?: number; readonly children: (data: T) => ReactNode }) {
  if (read.data !== undefined) return <>{children(read.data)}</>
  if (read.error) return <Failure error={read.error} onRetry={() => void read.refetch()} />
  return <Loading {...(lines !== undefined && { lines })} />
}

export type NoteTone = 'info' | 'bad' | 'good' | 'gold'
const noteIcon: Record<NoteTone, IconName> = { info: 'info', bad: 'alert', good: 'check', gold: 'clock' }

export function Note({
  tone = 'info',
  icon,
  children,
  live = false,
}: {
  readonly tone?: NoteTone
  readonly icon?: IconName
  readonly children: ReactNode
  readonly live?: boolean
}) {
  return (
    <div className={`note note-${tone}`} {...(live && { role: tone === 'bad' ? 'alert' : 'status' })}>
      <Icon name={icon ?? noteIcon[tone]} />
      <div className="grow">{children}</div>
    </div>
  )
}

/** What went wrong with the last press of a button. */
export function FormError({ error }: { readonly error: unknown }) {
  const { t } = useTranslation()
  if (!error) return null
  return (
    <Note tone="bad" live>
      <p>{errorText(t, error)}</p>
    </Note>
  )
}
