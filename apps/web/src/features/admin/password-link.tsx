import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserForAdmin } from '#contracts/user'
import { api } from '../../lib/arena.ts'
import { formatDateTime } from '../../lib/format.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FormError } from '../../ui/states.tsx'

type Props = { readonly user: UserForAdmin; readonly onDone: () => void }

/** A link by which somebody without e-mail sets a new password. It is in this dialog and nowhere else, and gone with it. */
export function PasswordLink({ user, onDone }: Props) {
  const { t } = useTranslation()
  const make = useAction({ mutationFn: () => api.call('POST /api/users/:id/password-reset', { params: { id: user.id } }), gcTime: 0 })
  if (make.data) return <MadeLink name={user.name} link={make.data} onDone={onDone} />
  return (
    <ConfirmDialog
      title={t('admin.linkTitle', { name: user.name })}
      confirm={t('admin.makeLink')}
      busy={make.isPending}
      onConfirm={() => make.mutate()}
      onCancel={onDone}
    >
      <p>{t('admin.linkLead')}</p>
      <FormError error={make.error} />
    </ConfirmDialog>
  )
}

type MadeProps = { readonly name: string; readonly link: { readonly token: string; readonly expiresAt: string }; readonly onDone: () => void }

function MadeLink({ name, link, onDone }: MadeProps) {
  const { t, i18n } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const address = `${location.origin}/reset-password#${link.token}`
  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    return () => opened?.close()
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby="link-title" onCancel={onDone}>
      <h2 id="link-title">{t('admin.linkTitle', { name })}</h2>
      <p>{t('admin.linkOnce', { when: formatDateTime(link.expiresAt, i18n.language) })}</p>
      <p>
        <code style={{ overflowWrap: 'anywhere' }}>{address}</code>
      </p>
      <div className="row row-between">
        <CopyButton text={address} label={t('admin.copyLink')} />
        <Button onPress={onDone}>{t('admin.linkDone')}</Button>
      </div>
    </dialog>
  )
}
