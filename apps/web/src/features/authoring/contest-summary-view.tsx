import { useTranslation } from 'react-i18next'
import { formatDateTime } from '../../lib/format.ts'
import type { ContestForm } from './contest-form.ts'
import { type Sentence, summaryOf } from './contest-summary.ts'

/** What will happen, in plain words, so that a wrong date is read before it is lived. */
export function ContestSummary({ form }: { readonly form: ContestForm }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('contestForm.summary')} className="contest-summary">
      <h3>{t('contestForm.summary')}</h3>
      <p>
        <strong>{form.title.trim() || t('contestForm.untitled')}</strong> · {t(`subject.${form.subject}`)} · {t(`format.${form.format}`)}
      </p>
      <ul>
        {summaryOf(form).map((sentence) => (
          <li key={sentence.say}>
            <Said sentence={sentence} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Said({ sentence }: { readonly sentence: Sentence }) {
  const { t, i18n } = useTranslation()
  const time = (iso: string) => formatDateTime(iso, i18n.language)
  switch (sentence.say) {
    case 'window':
      return t('contestForm.say.window', { start: time(sentence.start), end: time(sentence.end), count: sentence.minutes })
    case 'personal':
      return t('contestForm.say.personal', { start: time(sentence.start), end: time(sentence.end), count: sentence.count })
    case 'problems':
      return t('contestForm.say.problems', { count: sentence.count, points: sentence.points })
    case 'problemsIcpc':
      return t('contestForm.say.problemsIcpc', { count: sentence.count })
    case 'freeze':
      return t('contestForm.say.freeze', { count: sentence.count })
    case 'penalty':
      return t('contestForm.say.penalty', { count: sentence.count })
    default:
      return t(`contestForm.say.${sentence.say}`)
  }
}
