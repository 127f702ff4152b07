import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Subscription } from '#contracts/billing'
import { api } from '../lib/arena.ts'
import { keys } from '../lib/query-keys.ts'
import { useAction } from '../lib/use-action.ts'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'
import { FormError } from './states.tsx'
import { toast } from './toasts.tsx'

/** Becoming a member of a school's subscription by its code; the same code again changes nothing. */
export function JoinSchool({ onJoined }: { readonly onJoined?: (subscription: Subscription) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const join = useAction({
    mutationFn: () => api.call('POST /api/subscriptions/join', { body: { code: code.trim() } }),
    onSuccess: ({ subscription }) => {
      setCode('')
      toast(t('premium.joined', { school: subscription.school ?? subscription.planName }))
      void client.invalidateQueries({ queryKey: keys.billing() })
      onJoined?.(subscription)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim()) join.mutate()
  }
  return (
    <form onSubmit={onSubmit}>
      <FormError error={join.error} />
      <TextField
        label={t('premium.code')}
        hint={t('premium.codeHint')}
        value={code}
        onText={setCode}
        maxLength={40}
        autoComplete="off"
        className="input-mono"
        required
      />
      <Button type="submit" busy={join.isPending}>
        {t('premium.joinSchool')}
      </Button>
    </form>
  )
}
