import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Subject } from '#contracts/common'
import { clock } from '../../lib/arena.ts'
import { formatNumber } from '../../lib/format.ts'
import { progressQuery, titlesQuery } from '../../lib/queries.ts'
import { Icon } from '../../ui/icons.tsx'
import { Shown } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'
import { streakOf, todayOf } from './streak.ts'

/** What one has done, for oneself: no ranks, no prizes, nothing to lose. */
export function ProgressCard() {
  const { t, i18n } = useTranslation()
  const read = useQuery(progressQuery)
  const number = (value: number) => formatNumber(value, i18n.language)
  return (
    <section className="card" aria-labelledby="progress-title">
      <h2 id="progress-title">{t('progress.title')}</h2>
      <Shown read={read} lines={3}>
        {({ solved, tried, submissions, days }) =>
          submissions === 0 ? (
            <p className="muted">{t('progress.nothing')}</p>
          ) : (
            <>
              <dl className="figures">
                <Figure name={t('progress.solved')} value={number(solved.length)} />
                <Figure name={t('progress.tried')} value={number(tried)} />
                <Figure name={t('progress.submissions')} value={number(submissions)} />
              </dl>
              <Days days={days} />
              {solved.length > 0 && <BySubject ids={solved} />}
              <p>
                <Link href="/me/submissions">{t('progress.all')}</Link>
              </p>
            </>
          )
        }
      </Shown>
    </section>
  )
}

const Figure = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt className="small muted">{name}</dt>
    <dd className="number">{value}</dd>
  </div>
)

function Days({ days }: { readonly days: readonly string[] }) {
  const { t } = useTranslation()
  const streak = streakOf(days, todayOf(clock.now(), -new Date().getTimezoneOffset()))
  return <p>{streak > 1 ? t('progress.streak', { count: streak }) : t('progress.days', { count: days.length })}</p>
}

/** Of the newest hundred solved, which is as many titles as one question asks for. */
function BySubject({ ids }: { readonly ids: readonly string[] }) {
  const { t, i18n } = useTranslation()
  const titles = useQuery(titlesQuery(ids.slice(0, 100)))
  if (!titles.data) return null
  const countOf = (subject: Subject) => titles.data.filter((problem) => problem.subject === subject).length
  return (
    <>
      <h3 className="small">{t('progress.bySubject')}</h3>
      <ul className="plain-list row subject-counts">
        {subjects.flatMap((subject) =>
          countOf(subject) === 0
            ? []
            : [
                <li key={subject} className={`subject-${subject}`}>
                  <Icon name={subject} />
                  {t(`subject.${subject}`)} <strong className="number">{formatNumber(countOf(subject), i18n.language)}</strong>
                </li>,
              ],
        )}
      </ul>
    </>
  )
}
