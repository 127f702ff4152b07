import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import type { Submission } from '#contracts/submission'
import { clock } from '../../lib/arena.ts'
import { formatCpu, formatMemory, formatMoment } from '../../lib/format.ts'
import { languagesQuery } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { SubmissionBadge } from '../verdict-badge.tsx'
import { SubmissionDetail } from './submission-detail.tsx'
import './submissions.css'

type Props = {
  readonly submissions: readonly Submission[]
  readonly problemOf: (problemId: string) => Problem | undefined
  /** Absent: all are of the problem the page shows. */
  readonly problemName?: (problemId: string, submissionId: string) => ReactNode
  /** Absent: all are one's own. */
  readonly userName?: (userId: string) => ReactNode
  /** Shown under an opened submission. */
  readonly beside?: (submission: Submission) => ReactNode
}

/** Submissions, newest first; each opens to its tests, compiler's words and source. Columns of programs are there where there are programs. */
export function SubmissionTable({ submissions, problemOf, problemName, userName, beside }: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState<string>()
  const hasPrograms = submissions.some(({ kind }) => kind === 'program')
  const columns = [
    t('submission.when'),
    ...(userName ? [t('submission.who')] : []),
    ...(problemName ? [t('submission.problem')] : []),
    t('submission.verdict'),
    ...(hasPrograms ? [t('submission.language'), t('submission.time'), t('submission.memory')] : []),
  ]
  return (
    <div className="table-wrap">
      <table className="table table-cards">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">{t('submission.details')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {submissions.map((submission) => (
            <Fragment key={submission.id}>
              <Row
                submission={submission}
                hasPrograms={hasPrograms}
                problemName={problemName}
                userName={userName}
                isOpen={opened === submission.id}
                onToggle={() => setOpened(opened === submission.id ? undefined : submission.id)}
              />
              {opened === submission.id && (
                <tr className="detail-row">
                  <td colSpan={columns.length + 1}>
                    <SubmissionDetail id={submission.id} problem={problemOf(submission.problemId)} {...(beside && { beside })} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type RowProps = {
  readonly submission: Submission
  readonly hasPrograms: boolean
  readonly problemName: Props['problemName']
  readonly userName: Props['userName']
  readonly isOpen: boolean
  readonly onToggle: () => void
}

function Row({ submission, hasPrograms, problemName, userName, isOpen, onToggle }: RowProps) {
  const { t, i18n } = useTranslation()
  return (
    <tr>
      <td data-label={t('submission.when')}>
        <time dateTime={submission.submittedAt} className="number">
          {formatMoment(submission.submittedAt, i18n.language, clock.now())}
        </time>
      </td>
      {userName && <td data-label={t('submission.who')}>{userName(submission.userId)}</td>}
      {problemName && <td data-label={t('submission.problem')}>{problemName(submission.problemId, submission.id)}</td>}
      <td data-label={t('submission.verdict')}>
        <SubmissionBadge submission={submission} />
      </td>
      {hasPrograms && <Cost submission={submission} />}
      <td>
        <Button small expanded={isOpen} onPress={onToggle}>
          {isOpen ? t('submission.hide') : t('submission.details')}
        </Button>
      </td>
    </tr>
  )
}

function Cost({ submission }: { readonly submission: Submission }) {
  const { t, i18n } = useTranslation()
  const { kind, status, verdict, language, cpuMs, memoryBytes } = submission
  const languages = useQuery({ ...languagesQuery, enabled: kind === 'program' })
  if (kind !== 'program') return <td colSpan={3} />
  const isJudged = status === 'judged' && verdict !== 'CE'
  return (
    <>
      <td data-label={t('submission.language')}>{languages.data?.languages.find(({ id }) => id === language)?.name ?? language}</td>
      <td data-label={t('submission.time')} className="number">
        {isJudged && cpuMs !== undefined ? formatCpu(cpuMs, i18n.language) : '–'}
      </td>
      <td data-label={t('submission.memory')} className="number">
        {isJudged && memoryBytes !== undefined ? formatMemory(memoryBytes, i18n.language) : '–'}
      </td>
    </>
  )
}
