import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icons.tsx'

type Props = { readonly isClosed: boolean; readonly error?: string | undefined; readonly children: ReactNode }

/** Fields that a started contest holds fast, shown as such and with the reason; the browser disables what is in a disabled fieldset. */
export function Closed({ isClosed, error, children }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset disabled={isClosed}>
      {isClosed && (
        <p className="hint">
          <Icon name="lock" size={14} /> {t('contestForm.closed')}
        </p>
      )}
      {children}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
