import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ProblemKind, Subject } from '#contracts/common'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'

const kinds: readonly ProblemKind[] = ['choice', 'numeric', 'program']

/** The problems a teacher may change. */
export function ProblemListPage() {
  const { t, i18n } = useTranslation()
  usePageTitle(t('teach.tab.problems'))
  const [text, setText] = useState('')
  const [kind, setKind] = useState<ProblemKind | ''>('')
  const [subject, setSubject] = useState<Subject | ''>('')
  const query = text.trim()
  const filter = { mine: true, limit: 500, ...(query && { query }), ...(kind && { kind }), ...(subject && { subject }) }
  const problems = useQuery({
    queryKey: keys.problems(filter),
    queryFn: async ({ signal }) => (await api.call('GET /api/problems', { query: filter }, { signal })).problems,
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <div className="row row-between">
        <h1>{t('teach.tab.problems')}</h1>
        <div className="row">
          <Link href="/teach/problems/new" className="button button-primary">
            <Icon name="plus" />
            {t('teach.newProblem')}
          </Link>
        </div>
      </div>
      <div className="form-row">
        <TextField label={t('action.search')} type="search" value={text} onText={setText} maxLength={100} />
        <SelectField
          label={t('problem.kind')}
          value={kind}
          options={[{ value: '', label: t('teach.any') }, ...kinds.map((value) => ({ value, label: t(`kind.${value}`) }))]}
          onPick={setKind}
        />
        <SelectField
          label={t('problem.subject')}
          value={subject}
          options={[{ value: '', label: t('teach.any') }, ...subjects.map((value) => ({ value, label: t(`subject.${value}`) }))]}
          onPick={setSubject}
        />
      </div>
      <Shown read={problems}>
        {(list) =>
          list.length === 0 ? (
            <Empty>{query || kind || subject ? t('practice.none') : t('teach.noProblems')}</Empty>
          ) : (
            <table className="table table-cards">
              <thead>
                <tr>
                  <th scope="col">{t('problem.title')}</th>
                  <th scope="col">{t('problem.kind')}</th>
                  <th scope="col">{t('problem.subject')}</th>
                  <th scope="col">{t('problem.seen')}</th>
                  <th scope="col">{t('problem.changed')}</th>
                </tr>
              </thead>
              <tbody>
                {list.map((problem) => (
                  <tr key={problem.id}>
                    <td>
                      <Link href={`/teach/problems/${problem.id}`}>{problem.title}</Link>
                    </td>
                    <td data-label={t('problem.kind')}>{t(`kind.${problem.kind}`)}</td>
                    <td data-label={t('problem.subject')}>{t(`subject.${problem.subject}`)}</td>
                    <td data-label={t('problem.seen')}>{problem.public ? t('problem.isPublic') : t('problem.isPrivate')}</td>
                    <td data-label={t('problem.changed')}>{formatMoment(problem.updatedAt, i18n.language, clock.now())}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Shown>
    </>
  )
}
