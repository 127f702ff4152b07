import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { Icon } from './icons.tsx'
import { type VerdictWords, verdictWords } from './verdict-words.ts'
import './verdict-help.css'

/** What a verdict means and what to look at next, in words; nothing where there is nothing to explain. */
export function VerdictHelp({ submission }: { readonly submission: Submission }) {
  const { t } = useTranslation()
  const words = verdictWords(submission)
  if (!words) return null
  return (
    <section className="verdict-help" aria-label={t('why.title')}>
      <p>
        <Icon name="info" size={16} /> {t(`why.means.${words.about}`)}
      </p>
      {words.crash && <p>{t(`why.crash.${words.crash.kind}`, { code: words.crash.code })}</p>}
      <Places words={words} />
      <p>
        <strong>{t('why.lookAt')}</strong> {t(`why.next.${words.about}`)}
      </p>
    </section>
  )
}

function Places({ words: { firstFailed, passed } }: { readonly words: VerdictWords }) {
  const { t } = useTranslation()
  if (!firstFailed && !passed) return null
  return (
    <p className="number">
      {firstFailed && (firstFailed.isSample ? t('why.firstSample', { index: firstFailed.index }) : t('why.firstTest', { index: firstFailed.index }))}{' '}
      {passed && t('why.passed', { count: passed.count, of: passed.of })}
    </p>
  )
}
