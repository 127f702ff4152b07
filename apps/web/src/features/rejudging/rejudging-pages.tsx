import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useParams } from 'wouter'
import type { Contest } from '#contracts/contest'
import { problemQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { NewRejudging } from './new-rejudging.tsx'
import { listQuery } from './reads.ts'
import type { RejudgingForm, Scope } from './rejudging-form.ts'
import { RejudgingList } from './rejudging-list.tsx'
import { RejudgingView } from './rejudging-view.tsx'
import { VersionSwitch } from './version-switch.tsx'
import './rejudging.css'

type Props = { readonly contest: Contest; readonly rejudgingId: string | undefined }

/** Judging again, for the staff of a contest: its sets, or one of them. */
export function ContestRejudgings({ contest, rejudgingId }: Props) {
  const { t } = useTranslation()
  usePageTitle(`${t('rejudging.title')}: ${contest.title}`)
  const base = `/contests/${contest.id}/rejudgings`
  if (rejudgingId !== undefined) return <RejudgingView key={rejudgingId} id={rejudgingId} contest={contest} base={base} />
  return <Overview scope={{ contestId: contest.id }} contest={contest} base={base} />
}

/** The same for what was practised of a problem of one's own. A page of its own. */
export function ProblemRejudgings() {
  const { t } = useTranslation()
  const { id: problemId = '', rejudgingId } = useParams<{ id: string; rejudgingId?: string }>()
  const problem = useQuery(problemQuery(problemId))
  usePageTitle(t('rejudging.title'))
  const base = `/teach/problems/${problemId}/rejudgings`
  return (
    <>
      <p>
        <Link href={`/teach/problems/${problemId}`}>{t('rejudging.backToProblem')}</Link>
      </p>
      <h1>{problem.data?.title ?? t('rejudging.title')}</h1>
      {rejudgingId === undefined ? (
        <Overview scope={{ problemId }} contest={undefined} base={base} />
      ) : (
        <RejudgingView key={rejudgingId} id={rejudgingId} contest={undefined} base={base} />
      )}
    </>
  )
}

function Overview({ scope, contest, base }: { readonly scope: Scope; readonly contest: Contest | undefined; readonly base: string }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [draft, setDraft] = useState<Partial<RejudgingForm>>()
  const list = useQuery(listQuery(scope))
  return (
    <section aria-labelledby="rejudging-title">
      <div className="row row-between">
        <h2 id="rejudging-title">{t('rejudging.title')}</h2>
        {!draft && (
          <Button tone="primary" icon="plus" onPress={() => setDraft({})}>
            {t('rejudging.new')}
          </Button>
        )}
      </div>
      <p className="muted rejudging-lead">{contest ? t('rejudging.lead') : t('rejudging.leadPractice')}</p>
      {contest && <VersionSwitch contest={contest} onRejudge={(problemId) => setDraft({ problemId, version: 'current' })} />}
      {draft && (
        <NewRejudging
          key={draft.problemId}
          scope={scope}
          contest={contest}
          given={draft}
          onMade={(id) => go(`${base}/${id}`)}
          onCancel={() => setDraft(undefined)}
        />
      )}
      <Shown read={list}>
        {(rejudgings) => (rejudgings.length === 0 ? <Empty>{t('rejudging.none')}</Empty> : <RejudgingList rejudgings={rejudgings} base={base} />)}
      </Shown>
    </section>
  )
}
