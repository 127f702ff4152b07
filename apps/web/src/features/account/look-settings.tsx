import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseTheme, theme, themes } from '../../app/theme.ts'
import { chooseDataSaver } from '../../lib/data-saver.ts'
import type { TextSize } from '../../lib/look.ts'
import { useDataSaver } from '../../lib/use-data-saver.ts'
import { useStore } from '../../lib/use-store.ts'
import { CheckField, RadioField } from '../../ui/field.tsx'
import { chooseLook, look } from './own-look.ts'

const sizes: readonly TextSize[] = ['normal', 'large', 'larger']

/** How the page looks and reads, for this browser: each choice holds at once, and there is nothing to save. */
export function LookSettings() {
  const { t } = useTranslation()
  const chosen = useStore(look)
  const saver = useDataSaver()
  return (
    <section className="card" aria-labelledby="look-title" id="appearance">
      <h2 id="look-title">{t('look.title')}</h2>
      <p className="muted">{t('look.kept')}</p>
      <div className="form-row">
        <RadioField
          label={t('theme.label')}
          value={useStore(theme)}
          options={themes.map((value) => ({ value, label: t(`theme.${value}`) }))}
          onPick={chooseTheme}
        />
        <RadioField
          label={t('look.size')}
          value={chosen.size}
          options={sizes.map((value) => ({ value, label: t(`look.sizes.${value}`) }))}
          onPick={(size) => chooseLook({ size })}
        />
      </div>
      <Switch label={t('look.contrast')} hint={t('look.contrastHint')} checked={chosen.contrast} onCheck={(contrast) => chooseLook({ contrast })} />
      <Switch label={t('look.readable')} hint={t('look.readableHint')} checked={chosen.readable} onCheck={(readable) => chooseLook({ readable })} />
      <Switch label={t('look.still')} hint={t('look.stillHint')} checked={chosen.still} onCheck={(still) => chooseLook({ still })} />
      <Switch label={t('look.saver')} hint={t('look.saverHint')} checked={saver} onCheck={chooseDataSaver} />
      <p className="look-sample">{t('look.sample')}</p>
    </section>
  )
}

type SwitchProps = { readonly label: ReactNode; readonly hint: ReactNode; readonly checked: boolean; readonly onCheck: (checked: boolean) => void }

const Switch = ({ label, hint, checked, onCheck }: SwitchProps) => (
  <CheckField
    label={
      <>
        {label}
        <span className="hint block">{hint}</span>
      </>
    }
    checked={checked}
    onCheck={onCheck}
  />
)
