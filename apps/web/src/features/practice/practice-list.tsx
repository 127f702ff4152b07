import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Subject } from '#contracts/common'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { SubjectMark, subjects } from '../../ui/subject.tsx'
import './practice.css'

/** Public problems (and one's own), to be solved outside any contest. */
export function PracticeList() {
  const { t } = useTranslation()
  usePageTitle(t('practice.title'))
  const [text, setText] = useState('')
  const [subject, setSubject] = useState<Subject | ''>('')
  const filter = { ...(text.trim() && { query: text.trim() }), ...(subject && { subject }) }
  const problems = useQuery({
    queryKey: keys.problems({ practice: true, ...filter }),
    queryFn: async ({ signal }) => (await api.call('GET /api/problems', { query: { limit: 200, ...filter } }, { signal })).problems,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
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
        {(list) =>
          list.length === 0 ? (
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
                      {problem.tags.length > 0 && ` · ${problem.tags.join(', ')}`}
                    </div>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </>
  )
}
