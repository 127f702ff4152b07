import { useQuery } from '@tanstack/react-query'
import { type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import type { Answer, Submission } from '#contracts/submission'
import { problemQuery } from '../../lib/queries.ts'
import { useLiveState } from '../../lib/use-live.ts'
import { CopyButton } from '../copy-button.tsx'
import { DownloadButton } from '../download-button.tsx'
import { Html } from '../html.tsx'
import { lazyPart, withTexts } from '../lazy-page.ts'
import { Shown } from '../states.tsx'
import { fileNameOf } from './file-name.ts'
import { SourceCode } from './source-code.tsx'
import { submissionQuery } from './submission-query.ts'
import { TestStrip } from './test-strip.tsx'
import './submissions.css'

/** With their words, which come with the contest room and not with other pages. */
const VerdictHelp = lazyPart(
  withTexts(() => import('../verdict-help.tsx'), 'room'),
  'VerdictHelp',
)
const PointsTable = lazyPart(
  withTexts(() => import('../points-table.tsx'), 'room'),
  'PointsTable',
)

type Beside = { readonly beside?: (submission: Submission) => ReactNode }
/** `problem` undefined: it is asked for where an answer needs its words. */
type Props = Beside & { readonly id: string; readonly problem: Problem | undefined }

/** All there is to know of one submission: tests, compiler's words, what was handed in. */
export function SubmissionDetail({ id, problem, beside }: Props) {
  const isLive = useLiveState() === 'ready'
  const read = useQuery(submissionQuery(id, isLive))
  return (
    <Shown read={read} lines={2}>
      {(submission) => <Detail submission={submission} problem={problem} {...(beside && { beside })} />}
    </Shown>
  )
}

function Detail({ submission, problem, beside }: Beside & { readonly submission: Submission; readonly problem: Problem | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="stack submission-detail">
      {submission.status === 'fault' && <p>{t('status.faultWhy')}</p>}
      {submission.fault && <pre className="code-block small compile-log">{submission.fault.reason}</pre>}
      <Suspense fallback={null}>
        {submission.points && <PointsTable points={submission.points} />}
        <VerdictHelp submission={submission} />
      </Suspense>
      {submission.tests && submission.tests.length > 0 && <TestStrip tests={submission.tests} />}
      {submission.compileLog && (
        <section aria-label={t('submission.compileLog')}>
          <h3>{t('submission.compileLog')}</h3>
          <pre className="code-block small compile-log">{submission.compileLog}</pre>
        </section>
      )}
      {submission.answer && <Answered answer={submission.answer} problemId={submission.problemId} problem={problem} />}
      {submission.source !== undefined && (
        <section aria-label={t('submission.source')}>
          <div className="row row-between">
            <h3>{t('submission.source')}</h3>
            <span className="row">
              <DownloadButton text={submission.source} name={fileNameOf(submission)}>
                {t('submission.download')}
              </DownloadButton>
              <CopyButton text={submission.source} label={t('submission.copySource')} />
            </span>
          </div>
          <SourceCode source={submission.source} language={submission.language} />
        </section>
      )}
      {beside?.(submission)}
    </div>
  )
}

/** The answer as the problem words it; by option id where the problem cannot be had. */
function Answered({ answer, problemId, problem }: { readonly answer: Answer; readonly problemId: string; readonly problem: Problem | undefined }) {
  const { t } = useTranslation()
  const asked = useQuery({ ...problemQuery(problemId), enabled: problem === undefined && 'choices' in answer, staleTime: 60_000 })
  const options = (problem ?? asked.data)?.options
  if (!('choices' in answer)) {
    return (
      <p>
        {t('submission.answer')}: <strong>{[answer.value, answer.unit].filter(Boolean).join(' ')}</strong>
      </p>
    )
  }
  return (
    <div>
      {t('submission.answer')}:
      <ul className="answer-list">
        {answer.choices.map((id) => {
          const html = options?.find((option) => option.id === id)?.html
          return <li key={id}>{html === undefined ? id : <Html as="span" html={html} />}</li>
        })}
      </ul>
    </div>
  )
}
