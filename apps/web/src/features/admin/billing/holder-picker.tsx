import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserForAdmin } from '#contracts/user'
import { api } from '../../../lib/arena.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'

type Props = {
  readonly holder: UserForAdmin | undefined
  readonly onPick: (holder: UserForAdmin | undefined) => void
  readonly error: string | undefined
}

/** Finds one account by name, e-mail, username or school. */
export function HolderPicker({ holder, onPick, error }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const query = text.trim()
  const { data: found = [] } = useQuery({
    queryKey: ['users', 'pick', query],
    queryFn: async ({ signal }) => (await api.call('GET /api/users', { query: { query, limit: 8 } }, { signal })).users,
    enabled: query.length > 1 && !holder,
    placeholderData: keepPreviousData,
  })
  if (holder) {
    return (
      <div className="field">
        <span className="field-label">{t('billingAdmin.holder')}</span>
        <div className="row">
          <span>
            {holder.name} <span className="muted small">{[holder.username, holder.email, holder.school].filter(Boolean).join(' · ')}</span>
          </span>
          <Button small onPress={() => onPick(undefined)}>
            {t('billingAdmin.another')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <>
      <TextField
        label={t('billingAdmin.holder')}
        hint={t('billingAdmin.holderHint')}
        type="search"
        value={text}
        onText={setText}
        error={error}
        maxLength={100}
      />
      {query.length > 1 && (
        <ul className="plain-list holder-list" aria-label={t('billingAdmin.found')}>
          {found.map((user) => (
            <li key={user.id}>
              <Button small tone="quiet" onPress={() => onPick(user)}>
                {user.name} <span className="muted small">{[user.username, user.email, user.school].filter(Boolean).join(' · ')}</span>
              </Button>
            </li>
          ))}
          {found.length === 0 && <li className="muted small">{t('admin.noUsers')}</li>}
        </ul>
      )}
    </>
  )
}
