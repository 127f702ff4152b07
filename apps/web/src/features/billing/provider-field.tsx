import { useTranslation } from 'react-i18next'
import { RadioField } from '../../ui/field.tsx'
import type { Provider } from './purchase.ts'

type Props = { readonly providers: readonly Provider[]; readonly value: Provider['name']; readonly onPick: (name: Provider['name']) => void }

/** How to pay; where there is one way only, it is told. */
export function ProviderField({ providers, value, onPick }: Props) {
  const { t } = useTranslation()
  const nameOf = ({ methods }: Provider) => methods.map((method) => t(`billing.method.${method}`)).join(' · ')
  const how = ({ methods }: Provider) => methods.map((method) => t(`billing.methodHow.${method}`)).join(' ')
  const [only] = providers
  if (providers.length === 1 && only) {
    return (
      <p>
        <strong>{nameOf(only)}</strong>
        <span className="hint block">{how(only)}</span>
      </p>
    )
  }
  const options = providers.map((provider) => ({
    value: provider.name,
    label: `${nameOf(provider)}${provider.name === 'flutterwave' || provider.name === 'stripe' ? ` (${t(`billing.provider.${provider.name}`)})` : ''}`,
    hint: how(provider),
  }))
  return <RadioField label={t('billing.payBy')} value={value} options={options} onPick={onPick} />
}
