import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api-client.ts'
import { clock } from '../../lib/arena.ts'
import { errorText } from '../../lib/error-text.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { FormError } from '../../ui/states.tsx'
import {
  type ContestForm,
  type ContestFormProblem,
  type ContestStep,
  contestFormProblems,
  contestSteps,
  refusedField,
  stepOf,
  stepWith,
  wrongAt,
} from './contest-form.ts'
import { ContestSummary } from './contest-summary-view.tsx'
import { ProblemPicker } from './problem-picker.tsx'
import { RulesStep } from './rules-step.tsx'
import type { StepProps } from './step-props.ts'
import { WhatStep } from './what-step.tsx'
import { WhenStep } from './when-step.tsx'

type Props = {
  readonly form: ContestForm
  readonly setForm: (change: (before: ContestForm) => ContestForm) => void
  readonly isNew: boolean
  readonly hasStarted: boolean
  /** A contest that has started without being premium stays so. */
  readonly mayBePremium: boolean
  readonly isBusy: boolean
  readonly canSave: boolean
  readonly error: unknown
  readonly onSave: () => void
}

/** Four short steps in any order; what is wrong is marked on its step and said beside its field, the server's word too. */
export function ContestWizard({ form, setForm, isNew, hasStarted, mayBePremium, isBusy, canSave, error, onSave }: Props) {
  const { t } = useTranslation()
  const [step, setStep] = useState<ContestStep>('what')
  const [left, setLeft] = useState<ReadonlySet<ContestStep>>(new Set())
  const problems = contestFormProblems(form, hasStarted ? undefined : clock.now())
  const refused = error instanceof ApiError ? refusedField(error) : undefined
  useEffect(() => {
    if (refused) setStep(stepWith(refused))
  }, [refused])
  const goTo = (next: ContestStep) => {
    setLeft((before) => new Set([...before, step]))
    setStep(next)
  }
  const press = () => {
    setLeft(new Set(contestSteps))
    const [first] = problems
    if (first) setStep(stepOf(first))
    else onSave()
  }
  const wrong = (field: keyof ContestForm) => {
    const found = wrongAt(problems, field)
    if (found && left.has(stepOf(found))) return t(`contestForm.wrong.${found}`)
    return refused === field ? errorText(t, error) : undefined
  }
  const props: StepProps = { form, change: (part) => setForm((before) => ({ ...before, ...part })), hasStarted, wrong }
  const next = contestSteps[contestSteps.indexOf(step) + 1]
  const back = contestSteps[contestSteps.indexOf(step) - 1]
  return (
    <div className="card wizard">
      <Steps step={step} problems={problems.filter((each) => left.has(stepOf(each)))} onPick={goTo} />
      <StepBody key={step} step={step} takesFocus={left.size > 0}>
        {step === 'what' && <WhatStep {...props} />}
        {step === 'when' && <WhenStep {...props} />}
        {step === 'problems' && (
          <ProblemPicker picked={form.problems} subject={form.subject} error={wrong('problems')} hasStarted={hasStarted} onChange={props.change} />
        )}
        {step === 'rules' && <RulesStep {...props} mayBePremium={mayBePremium} />}
      </StepBody>
      {(step === 'rules' || !isNew) && <ContestSummary form={form} />}
      {refused === undefined && <FormError error={error} />}
      <div className="row row-between wizard-foot">
        <Button disabled={!back} onPress={() => back && goTo(back)}>
          {t('contestForm.back')}
        </Button>
        <div className="row">
          {next && (
            <Button tone={isNew ? 'primary' : 'plain'} onPress={() => goTo(next)}>
              {t('contestForm.next')}
            </Button>
          )}
          {(!isNew || !next) && (
            <Button tone="primary" busy={isBusy} disabled={!canSave} onPress={press}>
              {isNew ? t('contestForm.create') : t('contestForm.save')}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

type StepsProps = { readonly step: ContestStep; readonly problems: readonly ContestFormProblem[]; readonly onPick: (step: ContestStep) => void }

function Steps({ step, problems, onPick }: StepsProps) {
  const { t } = useTranslation()
  return (
    <ol className="plain-list wizard-steps" aria-label={t('contestForm.steps')}>
      {contestSteps.map((each, at) => {
        const count = problems.filter((problem) => stepOf(problem) === each).length
        return (
          <li key={each}>
            <button type="button" aria-current={each === step ? 'step' : undefined} onClick={() => onPick(each)}>
              <span className={`wizard-number ${count > 0 ? 'is-wrong' : ''}`}>{count > 0 ? <Icon name="alert" size={15} /> : at + 1}</span>
              <span>
                {t(`contestForm.step.${each}`)}
                {count > 0 && <span className="sr-only"> ({t('contestForm.stepWrong', { count })})</span>}
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

type StepBodyProps = { readonly step: ContestStep; readonly takesFocus: boolean; readonly children: ReactNode }

/** The keyboard goes where the eye goes, but not on the first sight of the page. */
function StepBody({ step, takesFocus, children }: StepBodyProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (takesFocus) heading.current?.focus()
  }, [takesFocus])
  return (
    <section aria-labelledby="step-title">
      <h2 id="step-title" tabIndex={-1} ref={heading}>
        {t(`contestForm.step.${step}`)}
      </h2>
      {children}
    </section>
  )
}
