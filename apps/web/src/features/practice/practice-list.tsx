import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Subject } from '#contracts/common'
import { isInLanguage, shownTags } from '../../lib/problem-language.ts'
import { practiceQuery, progressQuery } from '../../lib/queries.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { SubjectMark, subjects } from '../../ui/subject.tsx'
import './practice.css'

/** Public problems (and one's own), to be solved outside any contest. */
export function PracticeList() {
  const { t, i18n } = useTranslation()
  usePageTitle(t('practice.title'))
  const [text, setText] = useState('')
  const [subject, setSubject] = useState<Subject | ''>('')
  const filter = { ...(text.trim() && { query: text.trim() }), ...(subject && { subject }) }
  const problems = useQuery({ ...practiceQuery(filter), placeholderData: keepPreviousData })
  const progress = useQuery(progressQuery)
  const solved = new Set(progress.data?.solved)
  return (
    <>
      <h1>{t('practice.title')}</h1>
      <p className="muted">{t('practice.lead')}</p>
      <div className="form-row">
        <TextField label={t('practice.search')} type="search" value={text} onText={setText} maxLength={100} />
        <SelectField
          label={t('practice.subject')}
          value={subject}
          options={[{ value: '', label: t('practice.anySubject') }, ...subjects.map((value) => ({ value, label: t(`subject.${value}`) }))]}
          onPick={setSubject}
        />
      </div>
      <Shown read={problems}>
        {(all) => {
          const list = all.filter((problem) => isInLanguage(problem.tags, i18n.language))
          return list.length === 0 ? (
            <Empty>{t('practice.none')}</Empty>
          ) : (
            <ul className="plain-list practice-grid" aria-label={t('practice.title')}>
              {list.map((problem) => (
                <li key={problem.id} className="practice-item">
                  <SubjectMark subject={problem.subject} />
                  <div className="grow">
                    <Link href={`/practice/${problem.id}`}>{problem.title}</Link>
                    <div className="small muted">
                      {t(`kind.${problem.kind}`)}
                      {shownTags(problem.tags).length > 0 && ` · ${shownTags(problem.tags).join(', ')}`}
                    </div>
                  </div>
                  {solved.has(problem.id) && <StateBadge state={{ status: 'solved', attempts: 0 }} />}
                </li>
              ))}
            </ul>
          )
        }}
      </Shown>
    </>
  )
}
