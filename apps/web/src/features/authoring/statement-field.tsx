import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/field.tsx'

const pieces = [
  { name: 'power', text: '$x^2$' },
  { name: 'index', text: '$v_0$' },
  { name: 'fraction', text: '$\\frac{s}{t}$' },
  { name: 'root', text: '$\\sqrt{2}$' },
  { name: 'unit', text: '$9.81\\,\\text{m/s}^2$' },
  { name: 'times', text: '$3 \\cdot 10^8$' },
  { name: 'greek', text: '$\\alpha$' },
  { name: 'ownLine', text: '\n\n$$E = mc^2$$\n\n' },
  { name: 'bold', text: '**m**' },
] as const

type Props = { readonly label: string; readonly value: string; readonly error?: string | undefined; readonly onText: (text: string) => void }

/** Markdown with formulas, and pieces of them to put in where one is typing. */
export function StatementField({ label, value, error, onText }: Props) {
  const { t } = useTranslation()
  const area = useRef<HTMLTextAreaElement>(null)
  const insert = (text: string) => {
    const [from, to] = [area.current?.selectionStart ?? value.length, area.current?.selectionEnd ?? value.length]
    onText(value.slice(0, from) + text + value.slice(to))
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(from + text.length, from + text.length)
    })
  }
  return (
    <>
      <Field label={label} hint={t('problem.statementHint')} error={error}>
        {(control) => (
          <textarea
            ref={area}
            className="input input-mono"
            rows={12}
            maxLength={50_000}
            value={value}
            {...control}
            onChange={(event) => onText(event.currentTarget.value)}
          />
        )}
      </Field>
      <details className="formula-help">
        <summary>{t('problem.formulaHelp')}</summary>
        <p className="hint">{t('problem.formulaLead')}</p>
        <ul className="plain-list formula-list">
          {pieces.map(({ name, text }) => (
            <li key={name}>
              <button type="button" className="button button-small" onClick={() => insert(text)}>
                {t(`problem.formula.${name}`)}
              </button>{' '}
              <code>{text.trim()}</code>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}
