import { useTranslation } from 'react-i18next'
import type { Subject } from '#contracts/common'
import { Icon } from '../../ui/icons.tsx'
import { subjects } from '../../ui/subject.tsx'

type Props = { readonly subject: Subject | undefined; readonly onPick: (subject: Subject | undefined) => void }

/** One press narrows the page, a second one on the same widens it again. */
export function SubjectFilter({ subject, onPick }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="subject-filter">
      <legend className="sr-only">{t('discover.subject')}</legend>
      <button type="button" className="chip" aria-pressed={subject === undefined} onClick={() => onPick(undefined)}>
        {t('discover.anySubject')}
      </button>
      {subjects.map((each) => (
        <button
          key={each}
          type="button"
          className={`chip subject-${each}`}
          aria-pressed={subject === each}
          onClick={() => onPick(subject === each ? undefined : each)}
        >
          <Icon name={each} size={15} />
          {t(`subject.${each}`)}
        </button>
      ))}
    </fieldset>
  )
}
