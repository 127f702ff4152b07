import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ApiError } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'
import { useFragmentToken } from './fragment-token.ts'

/** A new password by a mailed link, or by one that an admin handed over. */
export function ResetPasswordPage() {
  const { t } = useTranslation()
  usePageTitle(t('reset.title'))
  const token = useFragmentToken()
  return (
    <section className="card card-narrow">
      <h1>{t('reset.title')}</h1>
      {token ? <NewPassword key={token} token={token} /> : <LinkIsUseless />}
    </section>
  )
}

function LinkIsUseless() {
  const { t } = useTranslation()
  return (
    <>
      <Note tone="gold">
        <p>{t('reset.noToken')}</p>
      </Note>
      <Link href="/forgot-password" className="button">
        {t('reset.askAgain')}
      </Link>
    </>
  )
}

function NewPassword({ token }: { readonly token: string }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [wasPressed, setPressed] = useState(false)
  const save = useAction({
    mutationFn: () => api.call('POST /api/password/reset', { body: { token, password } }),
    // The account's sessions are over. Whoever is logged in here makes room for the new log-in; where the line is down, this browser forgets them at least.
    onSuccess: () => api.logout().catch(() => undefined),
  })
  if (save.isSuccess) {
    return (
      <>
        <Note tone="good" live>
          <p>{t('reset.done')}</p>
        </Note>
        <Link href="/login" className="button button-primary">
          {t('action.logIn')}
        </Link>
      </>
    )
  }
  const [tooShort, differs] = [password.length < 8, password !== again]
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (!tooShort && !differs) save.mutate()
  }
  const isUseless = save.error instanceof ApiError && save.error.code === 'TOKEN_INVALID'
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormError error={save.error} />
      {isUseless && (
        <p>
          <Link href="/forgot-password">{t('reset.askAgain')}</Link>
        </p>
      )}
      <TextField
        label={t('profile.newPassword')}
        hint={t('profile.passwordHint')}
        value={password}
        onText={setPassword}
        error={wasPressed && tooShort ? t('register.passwordShort') : undefined}
        type="password"
        autoComplete="new-password"
        maxLength={256}
      />
      <TextField
        label={t('reset.again')}
        value={again}
        onText={setAgain}
        error={wasPressed && differs ? t('reset.differs') : undefined}
        type="password"
        autoComplete="new-password"
        maxLength={256}
      />
      <Button type="submit" tone="primary" busy={save.isPending}>
        {t('reset.save')}
      </Button>
    </form>
  )
}
