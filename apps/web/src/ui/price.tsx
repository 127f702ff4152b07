import { useTranslation } from 'react-i18next'
import type { Plan, Price } from '#contracts/billing'
import { formatMoney } from '../lib/money.ts'

type Priced = Pick<Plan, 'periodMonths'>

/** `RWF 1,500 a month`, or that it costs nothing. */
export function usePriceText(): (price: Price, plan: Priced) => string {
  const { t, i18n } = useTranslation()
  return (price, { periodMonths }) => {
    if (price.amount === 0) return t('premium.free')
    const money = formatMoney(price, i18n.language)
    return periodMonths % 12 === 0 ? t('premium.years', { price: money, count: periodMonths / 12 }) : t('premium.months', { price: money, count: periodMonths })
  }
}
