import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect, useSearch } from 'wouter'
import { ApiError } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { isLanguage } from '../../lib/languages.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError } from '../../ui/states.tsx'
import { emptyRegisterForm, loginName, nextPath, type RegisterForm, registerBody, registerProblems } from './account-forms.ts'

export function RegisterPage() {
  const { t, i18n } = useTranslation()
  usePageTitle(t('register.title'))
  const search = useSearch()
  const user = useUser()
  const [form, setForm] = useState<RegisterForm>(emptyRegisterForm)
  const [wasPressed, setPressed] = useState(false)
  const register = useMutation({
    mutationFn: async () => {
      const logIn = () => api.login({ ...loginName(form.login), password: form.password })
      try {
        await api.call('POST /api/register', { body: registerBody(form, isLanguage(i18n.language) ? i18n.language : 'en') })
      } catch (error) {
        // On a bad line the account may have been made by an earlier press whose answer was lost: then this password opens it.
        if (!(error instanceof ApiError && (error.code === 'USERNAME_TAKEN' || error.code === 'EMAIL_TAKEN'))) throw error
        return logIn().catch(() => Promise.reject(error))
      }
      return logIn()
    },
  })
  if (user) return <Redirect to={nextPath(search)} replace />
  const problems = wasPressed ? registerProblems(form) : {}
  const set = (field: keyof RegisterForm) => (value: string) => setForm((before) => ({ ...before, [field]: value }))
  const errorOf = (field: keyof RegisterForm) => {
    const problem = problems[field]
    return problem && t(`register.${problem}`)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (Object.keys(registerProblems(form)).length === 0) register.mutate()
  }
  return (
    <section className="card card-narrow">
      <h1>{t('register.title')}</h1>
      <p className="muted">{t('register.lead')}</p>
      <form onSubmit={onSubmit} noValidate>
        <FormError error={register.error} />
        <TextField label={t('register.name')} value={form.name} onText={set('name')} error={errorOf('name')} autoComplete="name" maxLength={100} />
        <TextField
          label={t('register.login')}
          hint={t('register.loginHint')}
          value={form.login}
          onText={set('login')}
          error={errorOf('login')}
          name="username"
          autoComplete="username"
        />
        <TextField
          label={t('register.password')}
          hint={t('register.passwordHint')}
          value={form.password}
          onText={set('password')}
          error={errorOf('password')}
          type="password"
          name="password"
          autoComplete="new-password"
          maxLength={256}
        />
        <TextField
          label={t('register.school')}
          hint={t('register.optional')}
          value={form.school}
          onText={set('school')}
          autoComplete="organization"
          maxLength={120}
        />
        <Button type="submit" tone="primary" busy={register.isPending}>
          {t('action.register')}
        </Button>
      </form>
      <p className="small" style={{ marginTop: '1.2rem' }}>
        {t('register.haveAccount')} <Link href={`/login${search ? `?${search}` : ''}`}>{t('action.logIn')}</Link>
      </p>
    </section>
  )
}
