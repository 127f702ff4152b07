import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import type { Answer, Submission } from '#contracts/submission'
import { useLiveState } from '../../lib/use-live.ts'
import { CopyButton } from '../copy-button.tsx'
import { Html } from '../html.tsx'
import { Shown } from '../states.tsx'
import { submissionQuery } from './submission-query.ts'
import { TestStrip } from './test-strip.tsx'
import './submissions.css'

type Props = { readonly id: string; readonly problem: Problem | undefined }

/** All there is to know of one submission: tests, compiler's words, what was handed in. */
export function SubmissionDetail({ id, problem }: Props) {
  const isLive = useLiveState() === 'ready'
  const read = useQuery(submissionQuery(id, isLive))
  return (
    <Shown read={read} lines={2}>
      {(submission) => <Detail submission={submission} problem={problem} />}
    </Shown>
  )
}

function Detail({ submission, problem }: { readonly submission: Submission; readonly problem: Problem | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="stack submission-detail">
      {submission.status === 'fault' && <p>{t('status.faultWhy')}</p>}
      {submission.tests && submission.tests.length > 0 && <TestStrip tests={submission.tests} />}
      {submission.compileLog && (
        <section aria-label={t('submission.compileLog')}>
          <h3>{t('submission.compileLog')}</h3>
          <pre className="code-block small compile-log">{submission.compileLog}</pre>
        </section>
      )}
      {submission.answer && <Answered answer={submission.answer} problem={problem} />}
      {submission.source !== undefined && (
        <section aria-label={t('submission.source')}>
          <div className="row row-between">
            <h3>{t('submission.source')}</h3>
            <CopyButton text={submission.source} label={t('submission.copySource')} />
          </div>
          <pre className="code-block small">{submission.source}</pre>
        </section>
      )}
    </div>
  )
}

/** The answer as the problem words it; by option id where the problem is not at hand. */
function Answered({ answer, problem }: { readonly answer: Answer; readonly problem: Problem | undefined }) {
  const { t } = useTranslation()
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
          const html = problem?.options?.find((option) => option.id === id)?.html
          return <li key={id}>{html === undefined ? id : <Html as="span" html={html} />}</li>
        })}
      </ul>
    </div>
  )
}
