import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '#contracts/user'
import { api, session } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'
import { type ProfileForm, profileChange, profileForm } from './account-forms.ts'
import { LookSettings } from './look-settings.tsx'
import { Mail } from './mail-preferences.tsx'
import { ProgressCard } from './progress-card.tsx'
import { SessionList } from './session-list.tsx'
import './account.css'

const languages: readonly User['language'][] = ['en', 'rw', 'fr']

export function ProfilePage() {
  const { t } = useTranslation()
  usePageTitle(t('profile.title'))
  const user = useUser()
  if (!user) return null
  return (
    <div className="narrow">
      <h1>{t('profile.title')}</h1>
      <ProgressCard />
      <About user={user} />
      <LookSettings />
      <Mail user={user} />
      <Password user={user} />
      <SessionList />
    </div>
  )
}

function About({ user }: { readonly user: User }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<ProfileForm>(() => profileForm(user))
  const [current, setCurrent] = useState('')
  const change = profileChange(user, form)
  const needsPassword = change.email !== undefined
  const save = useMutation({
    mutationFn: () => api.call('PATCH /api/me', { body: { ...change, ...(needsPassword && { currentPassword: current }) } }),
    onSuccess: (answer) => {
      setCurrent('')
      session.set({ status: 'signed-in', user: answer.user })
      setForm(profileForm(answer.user))
    },
  })
  const set = (field: 'name' | 'school' | 'email' | 'username') => (value: string) => setForm((before) => ({ ...before, [field]: value }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className="card" onSubmit={onSubmit}>
      <h2>{t('profile.about')}</h2>
      <FormError error={save.error} />
      <TextField label={t('profile.name')} value={form.name} onText={set('name')} required maxLength={100} autoComplete="name" />
      <TextField label={t('profile.school')} value={form.school} onText={set('school')} maxLength={120} autoComplete="organization" />
      <div className="form-row">
        <TextField label={t('profile.username')} value={form.username} onText={set('username')} autoComplete="username" maxLength={32} />
        <TextField label={t('profile.email')} value={form.email} onText={set('email')} type="email" autoComplete="email" maxLength={254} />
      </div>
      {needsPassword && (
        <TextField label={t('profile.currentPassword')} value={current} onText={setCurrent} type="password" autoComplete="current-password" required />
      )}
      <SelectField
        label={t('profile.language')}
        value={form.language}
        options={languages.map((value) => ({ value, label: t(`language.${value}`) }))}
        onPick={(language) => setForm((before) => ({ ...before, language }))}
      />
      {save.isSuccess && Object.keys(change).length === 0 && (
        <Note tone="good" live>
          <p>{t('profile.saved')}</p>
        </Note>
      )}
      <Button type="submit" tone="primary" busy={save.isPending} disabled={Object.keys(change).length === 0}>
        {t('action.save')}
      </Button>
    </form>
  )
}

function Password({ user }: { readonly user: User }) {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: () => api.call('PATCH /api/me', { body: { password: next, currentPassword: current } }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      void client.invalidateQueries({ queryKey: keys.sessions() })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <form className="card" onSubmit={onSubmit}>
      <h2>{t('profile.password')}</h2>
      <FormError error={change.error} />
      {change.isSuccess && (
        <Note tone="good" live>
          <p>{t('profile.passwordChanged')}</p>
        </Note>
      )}
      <input type="text" name="username" autoComplete="username" value={user.username ?? user.email ?? ''} readOnly hidden />
      <TextField label={t('profile.currentPassword')} value={current} onText={setCurrent} type="password" autoComplete="current-password" required />
      <TextField
        label={t('profile.newPassword')}
        hint={t('profile.passwordHint')}
        value={next}
        onText={setNext}
        type="password"
        autoComplete="new-password"
        required
        maxLength={256}
      />
      <Button type="submit" busy={change.isPending}>
        {t('profile.changePassword')}
      </Button>
    </form>
  )
}
