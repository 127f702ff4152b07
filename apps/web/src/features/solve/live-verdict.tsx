import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { formatCpu, formatMemory } from '../../lib/format.ts'
import { isPending } from '../../lib/submission-state.ts'
import { useLive, useLiveState } from '../../lib/use-live.ts'
import { watch } from '../../lib/watched.ts'
import { submissionQuery } from '../../ui/submissions/submission-query.ts'
import { TestStrip } from '../../ui/submissions/test-strip.tsx'
import { SubmissionBadge } from '../../ui/verdict-badge.tsx'

type Progress = { readonly stage: 'compiling' | 'running'; readonly test: number; readonly of: number }

/** The last submission as it is judged: waiting, test by test, then the verdict. Spoken politely by screen readers. */
export function LiveVerdict({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const isLive = useLiveState() === 'ready'
  const [progress, setProgress] = useState<Progress>()
  const read = useQuery(submissionQuery(id, isLive))
  useEffect(() => watch(id), [id])
  useLive((event) => {
    if (event.type === 'submission.progress' && event.id === id) setProgress(event)
  })
  const submission = read.data
  const isDone = submission !== undefined && !isPending(submission)
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: ['submissions'] })
  }, [client, isDone])
  return (
    <section className="verdict appear" aria-label={t('solve.lastVerdict')}>
      <div role="status" aria-live="polite" className="row">
        <SubmissionBadge submission={submission ?? { status: 'queued' }} />
        {!isDone && progress && (
          <span>{progress.stage === 'compiling' ? t('solve.compiling') : t('solve.progress', { test: progress.test, of: progress.of })}</span>
        )}
        {isDone && <Outcome submission={submission} />}
      </div>
      {!isDone && progress?.stage === 'running' && <progress className="verdict-progress" aria-hidden="true" max={progress.of} value={progress.test} />}
      {isDone && <After submission={submission} />}
    </section>
  )
}

function Outcome({ submission }: { readonly submission: Submission }) {
  const { t, i18n } = useTranslation()
  if (submission.status === 'held') return <span>{t('status.heldWhy')}</span>
  if (submission.status === 'fault') return <span>{t('status.faultWhy')}</span>
  if (submission.kind !== 'program' || submission.verdict === 'CE') return null
  return (
    <span className="muted number">
      {submission.verdict === 'PARTIAL' && `${t('solve.score', { score: submission.score ?? 0 })} · `}
      {submission.cpuMs !== undefined && formatCpu(submission.cpuMs, i18n.language)}
      {submission.memoryBytes !== undefined && ` · ${formatMemory(submission.memoryBytes, i18n.language)}`}
    </span>
  )
}

function After({ submission }: { readonly submission: Submission }) {
  const { t } = useTranslation()
  return (
    <>
      {submission.compileLog && submission.verdict === 'CE' && (
        <section aria-label={t('submission.compileLog')}>
          <pre className="code-block small compile-log">{submission.compileLog}</pre>
        </section>
      )}
      {submission.tests && submission.tests.length > 0 && (
        <details>
          <summary>{t('submission.testCount', { count: submission.tests.length })}</summary>
          <TestStrip tests={submission.tests} />
        </details>
      )}
    </>
  )
}
