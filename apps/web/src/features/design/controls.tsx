import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { CheckField, RadioField, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'

const tones = ['plain', 'primary', 'danger', 'quiet'] as const

/** What is pressed, written into and chosen from. */
export function Controls() {
  return (
    <>
      <Buttons />
      <Fields />
    </>
  )
}

function Buttons() {
  const { t } = useTranslation()
  const [asks, setAsks] = useState(false)
  const sample = t('design.sample')
  return (
    <section className="card" aria-labelledby="design-buttons">
      <h2 id="design-buttons">{t('design.buttons')}</h2>
      {tones.map((tone) => (
        <div key={tone} className="row design-row">
          <Button tone={tone}>{t(`design.tone.${tone}`)}</Button>
          <Button tone={tone} icon="plus">
            {t('design.withIcon')}
          </Button>
          <Button tone={tone} small>
            {t('design.small')}
          </Button>
          <Button tone={tone} busy>
            {t('design.busy')}
          </Button>
          <Button tone={tone} disabled>
            {t('design.disabled')}
          </Button>
          <IconButton tone={tone} icon="star" label={`${t('design.iconOnly')}: ${t(`design.tone.${tone}`)}`} onPress={() => toast(sample)} />
        </div>
      ))}
      <div className="row design-row">
        <Button onPress={() => setAsks(true)}>{t('design.openDialog')}</Button>
        <Button onPress={() => toast(sample)}>{t('design.showToast')}</Button>
        <CopyButton text={sample} label={`${t('action.copy')}: ${sample}`} />
      </div>
      {asks && (
        <ConfirmDialog title={t('design.dialog')} confirm={t('design.tone.danger')} danger onConfirm={() => setAsks(false)} onCancel={() => setAsks(false)}>
          <p>{sample}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

function Fields() {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [choice, setChoice] = useState<'one' | 'two'>('one')
  const [isOn, setOn] = useState(true)
  const choices = [
    { value: 'one', label: t('design.choice.one') },
    { value: 'two', label: t('design.choice.two') },
  ] as const
  const written = { value: text, onText: setText }
  return (
    <section className="card" aria-labelledby="design-fields">
      <h2 id="design-fields">{t('design.fields')}</h2>
      <div className="form-row">
        <TextField label={t('design.field')} hint={t('design.hint')} {...written} />
        <TextField label={t('design.fieldWrong')} error={t('design.wrong')} {...written} />
        <TextField label={t('design.fieldClosed')} disabled {...written} />
        <SelectField label={t('design.select')} value={choice} options={choices} onPick={setChoice} />
      </div>
      <TextAreaField label={t('design.area')} {...written} />
      <div className="form-row">
        <RadioField label={t('design.radio')} value={choice} options={choices} onPick={setChoice} />
        <div>
          <CheckField label={t('design.check')} checked={isOn} onCheck={setOn} />
          <CheckField label={t('design.checkClosed')} checked disabled onCheck={setOn} />
        </div>
      </div>
    </section>
  )
}
