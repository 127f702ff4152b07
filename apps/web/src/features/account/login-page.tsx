import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect, useSearch } from 'wouter'
import { api } from '../../lib/arena.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError } from '../../ui/states.tsx'
import { loginName, nextPath } from './account-forms.ts'

export function LoginPage() {
  const { t } = useTranslation()
  usePageTitle(t('login.title'))
  const search = useSearch()
  const user = useUser()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({ mutationFn: () => api.login({ ...loginName(name), password }) })
  if (user) return <Redirect to={nextPath(search)} replace />
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  return (
    <section className="card card-narrow">
      <h1>{t('login.title')}</h1>
      <form onSubmit={onSubmit}>
        <FormError error={login.error} />
        <TextField label={t('login.name')} value={name} onText={setName} name="username" autoComplete="username" required />
        <TextField label={t('login.password')} value={password} onText={setPassword} name="password" type="password" autoComplete="current-password" required />
        <Button type="submit" tone="primary" busy={login.isPending}>
          {t('action.logIn')}
        </Button>
      </form>
      <p className="small" style={{ marginTop: '1.2rem' }}>
        {t('login.noAccount')} <Link href={`/register${search ? `?${search}` : ''}`}>{t('action.register')}</Link>
      </p>
      <p className="small">
        <Link href="/forgot-password">{t('login.forgot')}</Link>
      </p>
    </section>
  )
}
