import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { MailKind } from '#contracts/notifications'
import type { User } from '#contracts/user'
import type { Answer } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { CheckField } from '../../ui/field.tsx'
import { FormError, Note, Shown } from '../../ui/states.tsx'
import { SendVerification } from './send-verification.tsx'

type Preferences = Answer<'GET /api/notifications/preferences'>
const kinds: readonly MailKind[] = ['reminders', 'results', 'receipts']

export function Mail({ user }: { readonly user: User }) {
  const { t } = useTranslation()
  return (
    <section className="card" aria-labelledby="mail-title">
      <h2 id="mail-title">{t('mail.title')}</h2>
      <AddressState user={user} />
      {user.email && <Kinds />}
    </section>
  )
}

function AddressState({ user }: { readonly user: User }) {
  const { t } = useTranslation()
  if (!user.email) return <p className="muted">{t('mail.noAddress')}</p>
  if (user.emailVerified) {
    return (
      <Note tone="good">
        <p>{t('mail.confirmed', { email: user.email })}</p>
      </Note>
    )
  }
  return (
    <Note tone="gold" icon="info">
      <p>{t('mail.notConfirmed', { email: user.email })}</p>
      <SendVerification />
    </Note>
  )
}

function Kinds() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const read = useQuery({
    queryKey: keys.mailPreferences(),
    queryFn: ({ signal }) => api.call('GET /api/notifications/preferences', undefined, { signal }),
  })
  const save = useMutation({
    mutationFn: (mail: Partial<Preferences['mail']>) => api.call('PATCH /api/notifications/preferences', { body: { mail } }),
    onSuccess: (answer) => client.setQueryData<Preferences>(keys.mailPreferences(), answer),
    onError: () => void client.invalidateQueries({ queryKey: keys.mailPreferences() }),
  })
  return (
    <Shown read={read} lines={3}>
      {({ mail }) => (
        <fieldset>
          <legend>{t('mail.which')}</legend>
          {kinds.map((kind) => (
            <CheckField
              key={kind}
              label={t(`mail.kind.${kind}`)}
              checked={save.isPending && save.variables[kind] !== undefined ? save.variables[kind] : mail[kind]}
              disabled={save.isPending}
              onCheck={(wanted) => save.mutate({ [kind]: wanted })}
            />
          ))}
          <p className="hint">{t('mail.always')}</p>
          <FormError error={save.error} />
        </fieldset>
      )}
    </Shown>
  )
}
