import { useQuery } from '@tanstack/react-query'
import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api-client.ts'
import { languagesQuery, ownSubmissionsQuery } from '../../lib/queries.ts'
import { attemptsLeft, problemState } from '../../lib/submission-state.ts'
import { Button } from '../../ui/button.tsx'
import { lazyPart } from '../../ui/lazy-page.ts'
import { FormError, Loading, Note, Shown } from '../../ui/states.tsx'
import { AnswerForm } from './answer-form.tsx'
import { ProgramForm } from './program-form.tsx'
import { Statement } from './statement.tsx'
import type { SolveTarget } from './target.ts'
import { type Submitting, useSubmit } from './use-submit.ts'
import './solve.css'

/** Nothing is handed in on a first visit: what tells of it comes when the answer is begun, or where there is something to tell. */
const loadVerdict = () => import('./live-verdict.tsx')
const LiveVerdict = lazyPart(loadVerdict, 'LiveVerdict')
const SubmissionTable = lazyPart(() => import('../../ui/submissions/submission-table.tsx'), 'SubmissionTable')

/** The number's own field says this one. */
const isUnreadable = (error: unknown) => error instanceof ApiError && error.code === 'ANSWER_UNREADABLE'

type Props = {
  readonly target: SolveTarget
  readonly closed?: string | undefined
  /** Where to go on, shown once it is solved. */
  readonly next?: ReactNode
}

/** One problem: statement, a way to answer, the verdict as it comes, and what was handed in before. */
export function SolveView({ target, closed, next }: Props) {
  const { t } = useTranslation()
  const own = useQuery(ownSubmissionsQuery({ contestId: target.contestId, problemId: target.problem.id }))
  const submitting = useSubmit(target)
  const mine = own.data?.filter((submission) => submission.contestId === target.contestId)
  const state = problemState(mine ?? [])
  const left = attemptsLeft(target.maxAttempts, state)
  const [input, setInput] = useState(target.problem.samples?.[0]?.input ?? '')
  const answerPart = useRef<HTMLElement>(null)
  const isProgram = target.problem.kind === 'program'
  const putSample = (text: string) => {
    setInput(text)
    answerPart.current?.querySelector<HTMLElement>('.try-text')?.focus()
  }
  // what was just handed in is looked at, wherever its verdict stands
  useEffect(() => {
    if (submitting.sentId) answerPart.current?.querySelector('.verdict')?.scrollIntoView({ block: 'nearest' })
  }, [submitting.sentId])
  const shownId = submitting.sentId ?? mine?.[0]?.id
  const answering = { target, submitting, isDone: left === 0 || (state.status === 'solved' && !isProgram) }
  const feedback = (
    <>
      {target.isOpen && left !== undefined && state.status !== 'solved' && <p className="hint">{t('solve.attemptsLeft', { count: left })}</p>}
      <LineTrouble submitting={submitting} />
      <FormError error={isUnreadable(submitting.error) ? null : submitting.error} />
      {shownId && (
        <Suspense fallback={<Loading lines={1} />}>
          <LiveVerdict key={shownId} id={shownId} />
        </Suspense>
      )}
      {state.status === 'solved' && next}
    </>
  )
  return (
    <>
      <div className={`solve solve-${target.problem.kind}`}>
        <section className="card solve-statement" aria-label={t('solve.statement')}>
          <Statement problem={target.problem} onUse={isProgram && target.isOpen ? putSample : undefined} />
        </section>
        <section
          className="card solve-answer"
          aria-label={t('solve.yourAnswer')}
          ref={answerPart}
          onFocusCapture={() => void loadVerdict().catch(() => undefined)}
        >
          <h2>{t('solve.yourAnswer')}</h2>
          {closed && (
            <Note icon="lock">
              <p>{closed}</p>
            </Note>
          )}
          <JudgeWaiting isProgram={isProgram} />
          {target.isOpen && isProgram && <ProgramForm {...answering} feedback={feedback} input={input} onInput={setInput} />}
          {target.isOpen && !isProgram && <AnswerForm {...answering} />}
          {!(target.isOpen && isProgram) && feedback}
        </section>
      </div>
      <section className="solve-history" aria-label={t('solve.history')}>
        <h2>{t('solve.history')}</h2>
        <Shown read={{ ...own, data: mine }} lines={2}>
          {(submissions) =>
            submissions.length === 0 ? (
              <p className="muted">{t('solve.noHistory')}</p>
            ) : (
              <Suspense fallback={<Loading lines={2} />}>
                <SubmissionTable submissions={submissions} problemOf={() => target.problem} />
              </Suspense>
            )
          }
        </Shown>
      </section>
    </>
  )
}

/** No sandbox: said where it matters, on problems that need one. */
function JudgeWaiting({ isProgram }: { readonly isProgram: boolean }) {
  const { t } = useTranslation()
  const languages = useQuery({ ...languagesQuery, enabled: isProgram })
  if (languages.data?.judge.state !== 'waiting') return null
  return (
    <Note tone="gold" live>
      <p>{t('solve.judgeWaiting')}</p>
      {languages.data.judge.reason && <p className="small">{languages.data.judge.reason}</p>}
    </Note>
  )
}

/** The outbox at the foot of the page says the same of all; here it is said where it was pressed. */
function LineTrouble({ submitting }: { readonly submitting: Submitting }) {
  const { t } = useTranslation()
  const { unanswered } = submitting
  if (!unanswered) return null
  return (
    <Note tone="gold" icon="wait" live>
      <p>{t('outbox.kept')}</p>
      <p className="small">{t('outbox.serverClock')}</p>
      <Button small onPress={() => submitting.submit(unanswered.body)}>
        {t('outbox.sendNow')}
      </Button>
    </Note>
  )
}
