import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import type { RejudgedSubmission } from '#contracts/rejudging'
import { clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { languagesQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { SubmissionDetail } from '../../ui/submissions/submission-detail.tsx'
import { JudgementList } from './judgement-list.tsx'
import { OutcomeBadge } from './outcome-badge.tsx'

const atATime = 50
const sides = [
  { side: 'before', label: 'rejudging.before' },
  { side: 'after', label: 'rejudging.after' },
] as const
type Props = {
  readonly changes: readonly RejudgedSubmission[]
  readonly contest: Contest | undefined
  readonly nameOf: (userId: string) => ReactNode
}

/** Each opens to what was handed in and to all of its judgings. */
export function ChangedSubmissions({ changes, contest, nameOf }: Props) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(atATime)
  const [opened, setOpened] = useState<string>()
  const hasPrograms = changes.some(({ language }) => language !== undefined)
  const columns = [
    ...(['submission.when', 'submission.who', 'submission.problem'] as const),
    ...(hasPrograms ? (['submission.language'] as const) : []),
    ...sides.map(({ label }) => label),
  ]
  return (
    <>
      <div className="table-wrap">
        <table className="table table-cards">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(column)}
                </th>
              ))}
              <th scope="col">
                <span className="sr-only">{t('submission.details')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, shown).map((change) => {
              const { submissionId: id, problemId } = change
              return (
                <Fragment key={id}>
                  <ChangeRow
                    change={change}
                    hasPrograms={hasPrograms}
                    name={nameOf(change.userId)}
                    isOpen={opened === id}
                    onToggle={() => setOpened(opened === id ? undefined : id)}
                  />
                  {opened === id && (
                    <tr className="detail-row">
                      <td colSpan={columns.length + 1}>
                        <SubmissionDetail
                          id={id}
                          problem={contest?.problems?.find((each) => each.problemId === problemId)?.problem}
                          beside={() => <JudgementList submissionId={id} />}
                        />
                      </td>
                    </tr>
                  )}
                </Fragment>
              )
            })}
          </tbody>
        </table>
      </div>
      {changes.length > shown && <Button onPress={() => setShown(shown + atATime)}>{t('action.more')}</Button>}
    </>
  )
}

type RowProps = {
  readonly change: RejudgedSubmission
  readonly hasPrograms: boolean
  readonly name: ReactNode
  readonly isOpen: boolean
  readonly onToggle: () => void
}

function ChangeRow({ change, hasPrograms, name, isOpen, onToggle }: RowProps) {
  const { t, i18n } = useTranslation()
  const { label, language, submittedAt } = change
  const languages = useQuery({ ...languagesQuery, enabled: language !== undefined })
  const hasOtherScore = change.before.score !== change.after.score
  return (
    <tr>
      <td data-label={t('submission.when')}>
        <time dateTime={submittedAt} className="number">
          {formatMoment(submittedAt, i18n.language, clock.now())}
        </time>
      </td>
      <td data-label={t('submission.who')}>{name}</td>
      <td data-label={t('submission.problem')}>{label ?? '–'}</td>
      {hasPrograms && <td data-label={t('submission.language')}>{languages.data?.languages.find(({ id }) => id === language)?.name ?? language ?? '–'}</td>}
      {sides.map(({ side, label: sideLabel }) => (
        <td key={side} data-label={t(sideLabel)}>
          <span className="rejudging-side">
            <OutcomeBadge outcome={change[side].verdict} />
            {hasOtherScore && <span className="number small muted">{t('rejudging.percent', { score: change[side].score })}</span>}
          </span>
        </td>
      ))}
      <td>
        <Button small expanded={isOpen} onPress={onToggle}>
          {isOpen ? t('submission.hide') : t('submission.details')}
        </Button>
      </td>
    </tr>
  )
}
