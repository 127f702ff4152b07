import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'
import { isEmail } from './account-forms.ts'

/** The answer is the same whether or not there is such an account, and so is this page. */
export function ForgotPasswordPage() {
  const { t } = useTranslation()
  usePageTitle(t('forgot.title'))
  const [email, setEmail] = useState('')
  const [wasPressed, setPressed] = useState(false)
  const send = useAction({ mutationFn: () => api.call('POST /api/password/forgot', { body: { email: email.trim() } }) })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (isEmail(email)) send.mutate()
  }
  return (
    <section className="card card-narrow">
      <h1>{t('forgot.title')}</h1>
      {send.isSuccess ? (
        <Note tone="good" live>
          <p>{t('forgot.sent', { email: email.trim() })}</p>
        </Note>
      ) : (
        <form onSubmit={onSubmit} noValidate>
          <p>{t('forgot.lead')}</p>
          <FormError error={send.error} />
          <TextField
            label={t('profile.email')}
            value={email}
            onText={setEmail}
            error={wasPressed && !isEmail(email) ? t('forgot.emailBad') : undefined}
            type="email"
            name="email"
            autoComplete="email"
            maxLength={254}
          />
          <Button type="submit" tone="primary" busy={send.isPending}>
            {t('forgot.send')}
          </Button>
        </form>
      )}
      <p className="hint" style={{ marginTop: '1.2rem' }}>
        {t('forgot.noEmail')}
      </p>
      <p className="small">
        <Link href="/login">{t('forgot.back')}</Link>
      </p>
    </section>
  )
}
