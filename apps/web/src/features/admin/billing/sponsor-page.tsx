import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '#contracts/billing'
import type { UserForAdmin } from '#contracts/user'
import { api, clock } from '../../../lib/arena.ts'
import { formatDateTime, fromLocalInput, timeZoneName } from '../../../lib/format.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useAction } from '../../../lib/use-action.ts'
import { Button } from '../../../ui/button.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { usePageTitle } from '../../../ui/page-title.ts'
import { Empty, FormError, Note, Shown } from '../../../ui/states.tsx'
import { HolderPicker } from './holder-picker.tsx'

/** A plan that somebody else pays for: to a person, or to a school whose code that person gets. */
export function SponsorPage() {
  const { t } = useTranslation()
  usePageTitle(t('billingAdmin.tab.sponsor'))
  const read = useQuery({
    queryKey: keys.billingAdmin('plans'),
    queryFn: async ({ signal }) => (await api.call('GET /api/billing/plans', undefined, { signal })).plans,
  })
  return (
    <Shown read={read}>
      {(plans) => {
        const [first, ...rest] = plans.filter(({ active }) => active)
        return first ? <SponsorForm plans={[first, ...rest]} /> : <Empty icon="star">{t('billingAdmin.noPlans')}</Empty>
      }}
    </Shown>
  )
}

type Form = { readonly planId: string; readonly holder: UserForAdmin | undefined; readonly school: string; readonly until: string; readonly reason: string }
type Wrong = Partial<Record<'holder' | 'school' | 'until' | 'reason', string>>

function useSponsorForm(plans: readonly [Plan, ...Plan[]], onGiven: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const empty: Form = { planId: plans[0].id, holder: undefined, school: '', until: '', reason: '' }
  const [form, setForm] = useState<Form>(empty)
  const plan = plans.find(({ id }) => id === form.planId) ?? plans[0]
  const until = fromLocalInput(form.until)
  const wrong: Wrong = {
    ...(!form.holder && { holder: t('billingAdmin.wrong.holderMissing') }),
    ...(plan.audience === 'school' && form.school.trim() === '' && { school: t('errors.SCHOOL_MISSING') }),
    ...((!until || Date.parse(until) <= clock.now()) && { until: t('billingAdmin.wrong.untilBad') }),
    ...(form.reason.trim() === '' && { reason: t('billingAdmin.wrong.reasonMissing') }),
  }
  const save = useAction({
    mutationFn: () =>
      api.call('POST /api/billing/sponsorships', {
        body: {
          planId: plan.id,
          holderId: form.holder?.id ?? '',
          ...(plan.audience === 'school' && { school: form.school.trim() }),
          until: until ?? '',
          reason: form.reason.trim(),
        },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.billing() })
      setForm(empty)
      onGiven()
    },
  })
  return { form, plan, wrong, save, change: (part: Partial<Form>) => setForm((before) => ({ ...before, ...part })) }
}

function SponsorForm({ plans }: { readonly plans: readonly [Plan, ...Plan[]] }) {
  const { t } = useTranslation()
  const [wasPressed, setPressed] = useState(false)
  const { form, plan, wrong, save, change } = useSponsorForm(plans, () => setPressed(false))
  const shown = wasPressed ? wrong : {}
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (Object.keys(wrong).length === 0) save.mutate()
  }
  return (
    <form className="card narrow" onSubmit={onSubmit} noValidate>
      <p className="muted">{t('billingAdmin.sponsorLead')}</p>
      <SelectField
        label={t('billing.plan')}
        value={form.planId}
        options={plans.map(({ id, name, audience }) => ({ value: id, label: `${name} (${t(`billing.for.${audience}`)})` }))}
        onPick={(planId) => change({ planId })}
      />
      <HolderPicker
        holder={form.holder}
        onPick={(holder) => change({ holder, ...(holder && !form.school && { school: holder.school }) })}
        error={shown.holder}
      />
      {plan.audience === 'school' && (
        <TextField label={t('billing.school')} value={form.school} onText={(school) => change({ school })} error={shown.school} maxLength={120} />
      )}
      <TextField
        label={t('billingAdmin.until')}
        hint={t('contestForm.zone', { zone: timeZoneName() })}
        type="datetime-local"
        value={form.until}
        onText={(until) => change({ until })}
        error={shown.until}
      />
      <TextField
        label={t('billingAdmin.reason')}
        hint={t('billingAdmin.sponsorReasonHint')}
        value={form.reason}
        onText={(reason) => change({ reason })}
        error={shown.reason}
        maxLength={200}
      />
      <FormError error={save.error} />
      {save.data && <Given planName={save.data.subscription.planName} until={save.data.subscription.periodEndsAt} />}
      <Button type="submit" tone="primary" busy={save.isPending}>
        {t('billingAdmin.sponsor')}
      </Button>
    </form>
  )
}

function Given({ planName, until }: { readonly planName: string; readonly until: string | null }) {
  const { t, i18n } = useTranslation()
  return (
    <Note tone="good" live>
      <p>{t('billingAdmin.sponsored', { name: planName, when: until ? formatDateTime(until, i18n.language) : '–' })}</p>
    </Note>
  )
}
