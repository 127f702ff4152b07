import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { formatCpu, formatMemory } from '../../lib/format.ts'
import { isPending } from '../../lib/submission-state.ts'
import { useLive, useLiveState } from '../../lib/use-live.ts'
import { watch } from '../../lib/watched.ts'
import { PointsTable } from '../../ui/points-table.tsx'
import { submissionQuery } from '../../ui/submissions/submission-query.ts'
import { TestStrip } from '../../ui/submissions/test-strip.tsx'
import { SubmissionBadge } from '../../ui/verdict-badge.tsx'
import { VerdictHelp } from '../../ui/verdict-help.tsx'
import { type Segment, segmentsOf } from './progress-strip.ts'
import { ToolLog } from './tool-log.tsx'

type Progress = { readonly stage: 'compiling' | 'running'; readonly test: number; readonly of: number }

/**
 * The last submission as it is judged: waiting, test by test, then the verdict. Screen readers hear the stage and the verdict, not every test: the strip that
 * fills is for eyes.
 */
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
  const isRunning = !isDone && progress?.stage === 'running'
  return (
    <section className="verdict appear" aria-label={t('solve.lastVerdict')}>
      <div role="status" aria-live="polite" className="row">
        <SubmissionBadge submission={submission ?? { status: 'queued' }} />
        {!isDone && progress && <span>{progress.stage === 'compiling' ? t('solve.compiling') : t('room.runningTests', { count: progress.of })}</span>}
        {isDone && <Outcome submission={submission} />}
      </div>
      {isRunning && (
        <div aria-hidden="true">
          <Strip segments={segmentsOf(progress.of, progress.test)} />
          <span className="small muted number">{t('solve.progress', { test: progress.test, of: progress.of })}</span>
        </div>
      )}
      {isDone && <After submission={submission} />}
    </section>
  )
}

function Strip({ segments }: { readonly segments: readonly Segment[] }) {
  return (
    <div className="test-pieces" aria-hidden="true">
      {segments.map((segment, at) => (
        <span key={at} className={`piece-${segment}`} />
      ))}
    </div>
  )
}

function Outcome({ submission }: { readonly submission: Submission }) {
  const { t, i18n } = useTranslation()
  if (submission.status === 'held') return <span>{t('status.heldWhy')}</span>
  if (submission.status === 'fault') return <span>{t('status.faultWhy')}</span>
  if (submission.kind !== 'program' || submission.verdict === 'CE') return null
  return (
    <span className="muted number">
      {submission.verdict === 'PARTIAL' && !submission.points && `${t('solve.score', { score: submission.score ?? 0 })} · `}
      {submission.cpuMs !== undefined && formatCpu(submission.cpuMs, i18n.language)}
      {submission.memoryBytes !== undefined && ` · ${formatMemory(submission.memoryBytes, i18n.language)}`}
    </span>
  )
}

function After({ submission }: { readonly submission: Submission }) {
  const { t } = useTranslation()
  const { tests = [], points, compileLog, verdict } = submission
  return (
    <>
      {tests.length > 1 && (
        <Strip
          segments={tests.map(
            (test): Segment => (test.verdict === 'AC' ? 'good' : test.verdict === 'SKIPPED' ? 'left' : test.verdict === 'PARTIAL' ? 'half' : 'bad'),
          )}
        />
      )}
      {points && <PointsTable points={points} />}
      {compileLog && verdict === 'CE' && (
        <section aria-label={t('submission.compileLog')}>
          <ToolLog text={compileLog} className="compile-log" />
        </section>
      )}
      <VerdictHelp submission={submission} />
      {tests.length > 0 && (
        <details>
          <summary>{t('submission.testCount', { count: tests.length })}</summary>
          <TestStrip tests={tests} />
        </details>
      )}
    </>
  )
}
