import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '#contracts/user'
import { loginName } from '../features/account/account-forms.ts'
import type { SessionOverCode } from '../lib/api-client.ts'
import { api, leaveAfterSessionOver, sessionOver } from '../lib/arena.ts'
import { useUser } from '../lib/use-session.ts'
import { useStore } from '../lib/use-store.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { FormError } from '../ui/states.tsx'

/**
 * Over the page of somebody whose session the server has ended: what they were doing stays as it is beneath. Whoever else logs in here gets the page of
 * their own; drafts and what waits to be sent belong to accounts.
 */
export function LoginAgain() {
  const user = useUser()
  const over = useStore(sessionOver)
  return user && over ? <LoginDialog user={user} over={over} /> : null
}

function LoginDialog({ user, over }: { readonly user: User; readonly over: SessionOverCode }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const titleId = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const before = user.username ?? user.email ?? ''
  const [name, setName] = useState(before)
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: () => api.login({ ...loginName(name), password }),
    onSuccess: () => void client.invalidateQueries({ type: 'active' }),
  })
  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    return () => opened?.close()
  }, [])
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onCancel={(event) => event.preventDefault()}>
      <h2 id={titleId}>{t('loginAgain.title')}</h2>
      <p>{t(`errors.${over}`)}</p>
      <p>{t('loginAgain.why')}</p>
      <form onSubmit={onSubmit}>
        <FormError error={login.error} />
        <TextField label={t('login.name')} value={name} onText={setName} name="username" autoComplete="username" required />
        {before !== '' && name.trim() !== before && <p className="hint">{t('loginAgain.otherName', { name: user.name })}</p>}
        <TextField label={t('login.password')} value={password} onText={setPassword} name="password" type="password" autoComplete="current-password" required />
        <div className="row">
          <Button type="submit" tone="primary" busy={login.isPending}>
            {t('action.logIn')}
          </Button>
          <Button tone="quiet" onPress={leaveAfterSessionOver}>
            {t('loginAgain.leave')}
          </Button>
        </div>
      </form>
    </dialog>
  )
}
