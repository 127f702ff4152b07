import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api-client.ts'
import { languagesQuery, ownSubmissionsQuery } from '../../lib/queries.ts'
import { attemptsLeft, problemState } from '../../lib/submission-state.ts'
import { Button } from '../../ui/button.tsx'
import { FormError, Note, Shown } from '../../ui/states.tsx'
import { SubmissionTable } from '../../ui/submissions/submission-table.tsx'
import { ChoiceForm } from './choice-form.tsx'
import { LiveVerdict } from './live-verdict.tsx'
import { NumericForm } from './numeric-form.tsx'
import { ProgramForm } from './program-form.tsx'
import { Statement } from './statement.tsx'
import type { SolveTarget } from './target.ts'
import { type AnswerFormProps, type Submitting, useSubmit } from './use-submit.ts'
import './solve.css'

/** The number's own field says this one. */
const isUnreadable = (error: unknown) => error instanceof ApiError && error.code === 'ANSWER_UNREADABLE'

/** One problem: statement, a way to answer, the verdict as it comes, and what was handed in before. */
export function SolveView({ target, closed }: { readonly target: SolveTarget; readonly closed?: string | undefined }) {
  const { t } = useTranslation()
  const own = useQuery(ownSubmissionsQuery({ contestId: target.contestId, problemId: target.problem.id }))
  const submitting = useSubmit(target)
  const mine = own.data?.filter((submission) => submission.contestId === target.contestId)
  const state = problemState(mine ?? [])
  const left = attemptsLeft(target.maxAttempts, state)
  const shownId = submitting.sentId ?? mine?.[0]?.id
  const feedback = (
    <>
      {target.isOpen && left !== undefined && state.status !== 'solved' && <p className="hint">{t('solve.attemptsLeft', { count: left })}</p>}
      <LineTrouble submitting={submitting} />
      <FormError error={isUnreadable(submitting.error) ? null : submitting.error} />
      {shownId && <LiveVerdict key={shownId} id={shownId} />}
    </>
  )
  return (
    <>
      <div className={`solve solve-${target.problem.kind}`}>
        <section className="card solve-statement" aria-label={t('solve.statement')}>
          <Statement problem={target.problem} />
        </section>
        <section className="card solve-answer" aria-label={t('solve.yourAnswer')}>
          <h2>{t('solve.yourAnswer')}</h2>
          {closed && (
            <Note icon="lock">
              <p>{closed}</p>
            </Note>
          )}
          <JudgeWaiting isProgram={target.problem.kind === 'program'} />
          {target.isOpen ? (
            <AnswerForm
              target={target}
              submitting={submitting}
              isDone={left === 0 || (state.status === 'solved' && target.problem.kind !== 'program')}
              feedback={feedback}
            />
          ) : (
            feedback
          )}
        </section>
      </div>
      <section className="solve-history" aria-label={t('solve.history')}>
        <h2>{t('solve.history')}</h2>
        <Shown read={{ ...own, data: mine }} lines={2}>
          {(submissions) =>
            submissions.length === 0 ? (
              <p className="muted">{t('solve.noHistory')}</p>
            ) : (
              <SubmissionTable submissions={submissions} problemOf={() => target.problem} />
            )
          }
        </Shown>
      </section>
    </>
  )
}

/** `feedback`: what became of what was handed in, shown right under the button that does so. */
function AnswerForm({ feedback, ...props }: AnswerFormProps & { readonly feedback: ReactNode }) {
  switch (props.target.problem.kind) {
    case 'choice':
      return (
        <>
          <ChoiceForm {...props} />
          {feedback}
        </>
      )
    case 'numeric':
      return (
        <>
          <NumericForm {...props} />
          {feedback}
        </>
      )
    case 'program':
      return <ProgramForm {...props} feedback={feedback} />
  }
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

function LineTrouble({ submitting }: { readonly submitting: Submitting }) {
  const { t } = useTranslation()
  const { unanswered, retries, error } = submitting
  if (retries > 0) {
    return (
      <Note tone="gold" live>
        <p>{t('solve.retrying', { count: retries })}</p>
      </Note>
    )
  }
  if (!unanswered || (error && !(error instanceof ApiError && error.isAmbiguous))) return null
  return (
    <Note tone="gold" live>
      <p>{t('solve.unanswered')}</p>
      <Button small onPress={() => submitting.submit(unanswered.body)}>
        {t('solve.sendAgain')}
      </Button>
    </Note>
  )
}
