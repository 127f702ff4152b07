import { useTranslation } from 'react-i18next'
import type { Plan, Price } from '#contracts/billing'
import { formatMoney } from '../../lib/money.ts'
import { Icon } from '../../ui/icons.tsx'

/** What a plan holds, its trial and its places, in plain words. */
export function PlanFacts({ plan, price }: { readonly plan: Plan; readonly price: Price | undefined }) {
  const { t, i18n } = useTranslation()
  return (
    <div className="grow">
      {plan.description && <p>{plan.description}</p>}
      {plan.features.length > 0 && (
        <ul className="plain-list plan-features">
          {plan.features.map((feature) => (
            <li key={feature}>
              <Icon name="check" size={16} />
              <span>{feature}</span>
            </li>
          ))}
        </ul>
      )}
      {plan.seats !== null && <p className="small">{t('billing.seats', { count: plan.seats })}</p>}
      {plan.trialDays > 0 && price && price.amount > 0 && (
        <p className="small">
          <strong>{t('billing.trial', { count: plan.trialDays })}</strong> {t('billing.trialThen', { price: formatMoney(price, i18n.language) })}
        </p>
      )}
      {plan.graceDays > 0 && price && price.amount > 0 && <p className="small muted">{t('billing.grace', { count: plan.graceDays })}</p>}
    </div>
  )
}
