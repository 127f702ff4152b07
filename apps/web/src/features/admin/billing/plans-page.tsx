import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '#contracts/billing'
import { api } from '../../../lib/arena.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useAction } from '../../../lib/use-action.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckField, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx'
import { usePageTitle } from '../../../ui/page-title.ts'
import { usePriceText } from '../../../ui/price.tsx'
import { Empty, FormError, Note, Shown } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toasts.tsx'
import { emptyPlanForm, newPlan, type PlanField, type PlanForm, planChange, planFormOf, planProblems, soldIn } from './plan-form.ts'

const useAllPlans = () =>
  useQuery({
    queryKey: keys.billingAdmin('plans'),
    queryFn: async ({ signal }) => (await api.call('GET /api/billing/plans', undefined, { signal })).plans,
  })

export function PlansAdminPage() {
  const { t } = useTranslation()
  usePageTitle(t('billingAdmin.tab.plans'))
  const plans = useAllPlans()
  /** `new`, the id of the plan that is edited, or nothing. */
  const [editing, setEditing] = useState<string>()
  const done = () => setEditing(undefined)
  return (
    <>
      <p className="muted">{t('billingAdmin.plansLead')}</p>
      {editing === 'new' ? (
        <PlanEditor onDone={done} />
      ) : (
        <p>
          <Button tone="primary" icon="plus" onPress={() => setEditing('new')}>
            {t('billingAdmin.newPlan')}
          </Button>
        </p>
      )}
      <Shown read={plans}>
        {(list) =>
          list.length === 0 && editing !== 'new' ? (
            <Empty icon="star">{t('billingAdmin.noPlans')}</Empty>
          ) : (
            list.map((plan) =>
              editing === plan.id ? (
                <PlanEditor key={plan.id} plan={plan} onDone={done} />
              ) : (
                <PlanRow key={plan.id} plan={plan} onEdit={() => setEditing(plan.id)} />
              ),
            )
          )
        }
      </Shown>
    </>
  )
}

function PlanRow({ plan, onEdit }: { readonly plan: Plan; readonly onEdit: () => void }) {
  const { t } = useTranslation()
  const priceText = usePriceText()
  return (
    <article className="card row row-between" aria-label={plan.name}>
      <div className="grow">
        <strong>{plan.name}</strong> {!plan.active && <span className="badge">{t('billingAdmin.offSale')}</span>}
        <div className="small muted">
          {t(`billing.for.${plan.audience}`)} · {plan.prices.map((price) => priceText(price, plan)).join(' · ')}
        </div>
      </div>
      <Button small label={t('billingAdmin.editName', { name: plan.name })} onPress={onEdit}>
        {t('action.edit')}
      </Button>
    </article>
  )
}

function PlanEditor({ plan, onDone }: { readonly plan?: Plan; readonly onDone: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [form, setForm] = useState<PlanForm>(() => (plan ? planFormOf(plan) : emptyPlanForm))
  const [wasPressed, setPressed] = useState(false)
  const problems = planProblems(form)
  const isSound = Object.keys(problems).length === 0
  const change = plan && isSound ? planChange(plan, form) : {}
  const save = useAction({
    mutationFn: () =>
      plan ? api.call('PATCH /api/plans/:id', { params: { id: plan.id }, body: change }) : api.call('POST /api/plans', { body: newPlan(form) }),
    onSuccess: () => {
      toast(t('billingAdmin.planSaved'))
      void client.invalidateQueries({ queryKey: keys.billing() })
      onDone()
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (!isSound) return
    if (plan && Object.keys(change).length === 0) onDone()
    else save.mutate()
  }
  const errorOf = (field: PlanField) => {
    const problem = wasPressed ? problems[field] : undefined
    return problem && t(`billingAdmin.wrong.${problem}`)
  }
  return (
    <form className="card" onSubmit={onSubmit} noValidate aria-label={plan ? plan.name : t('billingAdmin.newPlan')}>
      <h2>{plan ? plan.name : t('billingAdmin.newPlan')}</h2>
      {plan && (
        <Note>
          <p>{t('billingAdmin.editNote')}</p>
        </Note>
      )}
      <Words form={form} set={(part) => setForm((before) => ({ ...before, ...part }))} errorOf={errorOf} />
      <Terms form={form} set={(part) => setForm((before) => ({ ...before, ...part }))} errorOf={errorOf} isNew={!plan} />
      <FormError error={save.error} />
      <div className="row">
        <Button type="submit" tone="primary" busy={save.isPending}>
          {plan ? t('action.save') : t('billingAdmin.createPlan')}
        </Button>
        <Button onPress={onDone}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}

type PartProps = {
  readonly form: PlanForm
  readonly set: (part: Partial<PlanForm>) => void
  readonly errorOf: (field: PlanField) => string | undefined
}

function Words({ form, set, errorOf }: PartProps) {
  const { t } = useTranslation()
  return (
    <>
      <TextField label={t('billingAdmin.name')} value={form.name} onText={(name) => set({ name })} error={errorOf('name')} maxLength={80} />
      <TextAreaField label={t('billingAdmin.description')} value={form.description} onText={(description) => set({ description })} maxLength={500} />
      <TextAreaField
        label={t('billingAdmin.features')}
        hint={t('billingAdmin.featuresHint')}
        value={form.features}
        onText={(features) => set({ features })}
        error={errorOf('features')}
        rows={4}
      />
    </>
  )
}

const audiences = ['person', 'school'] as const

function Terms({ form, set, errorOf, isNew }: PartProps & { readonly isNew: boolean }) {
  const { t } = useTranslation()
  const number = (field: 'periodMonths' | 'trialDays' | 'graceDays' | 'seats') => (
    <TextField
      label={t(`billingAdmin.${field}`)}
      hint={t(`billingAdmin.${field}Hint`)}
      value={form[field]}
      onText={(text) => set({ [field]: text })}
      error={errorOf(field)}
      inputMode="numeric"
    />
  )
  return (
    <>
      <div className="form-row">
        <SelectField
          label={t('billingAdmin.audience')}
          value={form.audience}
          options={audiences.map((value) => ({ value, label: t(`billing.for.${value}`) }))}
          onPick={(audience) => set({ audience })}
        />
        {form.audience === 'school' && number('seats')}
        {number('periodMonths')}
        {number('trialDays')}
        {number('graceDays')}
      </div>
      <fieldset>
        <legend>{t('billingAdmin.prices')}</legend>
        <p className="hint">{t('billingAdmin.pricesHint')}</p>
        <div className="form-row">
          {soldIn.map((currency) => (
            <TextField
              key={currency}
              label={t(`billing.currencies.${currency}`)}
              value={form.prices[currency]}
              onText={(text) => set({ prices: { ...form.prices, [currency]: text } })}
              error={errorOf(currency)}
              inputMode="decimal"
            />
          ))}
        </div>
        {errorOf('prices') && (
          <p className="field-error" role="alert">
            {errorOf('prices')}
          </p>
        )}
      </fieldset>
      {!isNew && <CheckField label={t('billingAdmin.active')} checked={form.active} onCheck={(active) => set({ active })} />}
    </>
  )
}
