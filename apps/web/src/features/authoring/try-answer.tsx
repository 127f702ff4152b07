import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import type { Submission, Submit } from '#contracts/submission'
import { api } from '../../lib/arena.ts'
import { languagesQuery } from '../../lib/queries.ts'
import { randomId } from '../../lib/random-id.ts'
import { isPending } from '../../lib/submission-state.ts'
import { useAction } from '../../lib/use-action.ts'
import { useLiveState } from '../../lib/use-live.ts'
import { Button } from '../../ui/button.tsx'
import { Field, SelectField, TextField } from '../../ui/field.tsx'
import { Html } from '../../ui/html.tsx'
import { FormError, Note } from '../../ui/states.tsx'
import { submissionQuery } from '../../ui/submissions/submission-query.ts'
import { TestStrip } from '../../ui/submissions/test-strip.tsx'
import { SubmissionBadge } from '../../ui/verdict-badge.tsx'

type Typed = { readonly choices: readonly string[]; readonly value: string; readonly unit: string; readonly language: string; readonly source: string }
const nothing: Typed = { choices: [], value: '', unit: '', language: '', source: '' }
type PartProps = { readonly problem: Problem; readonly typed: Typed; readonly onChange: (change: Partial<Typed>) => void }

function bodyOf(problem: Problem, typed: Typed): Submit | undefined {
  const problemId = problem.id
  switch (problem.kind) {
    case 'choice':
      return typed.choices.length === 0 ? undefined : { problemId, answer: { choices: [...typed.choices] } }
    case 'numeric':
      return typed.value.trim() === '' ? undefined : { problemId, answer: { value: typed.value.trim(), ...(typed.unit.trim() && { unit: typed.unit.trim() }) } }
    case 'program':
      return typed.source === '' || typed.language === '' ? undefined : { problemId, language: typed.language, source: typed.source }
  }
}

/**
 * An answer as a pupil would give it, before any pupil sees the problem: judged by the same judge, on the version that is saved, outside any contest. It is
 * a submission of the author's own and counts for nothing.
 */
export function TryAnswer({ problem, isChanged }: { readonly problem: Problem; readonly isChanged: boolean }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(nothing)
  const [sentId, setSentId] = useState<string>()
  const body = bodyOf(problem, typed)
  const send = useAction({
    mutationFn: (given: Submit) => api.call('POST /api/submit', { headers: { 'idempotency-key': randomId() }, body: given }),
    onSuccess: ({ id }) => setSentId(id),
  })
  const onChange = (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change }))
  return (
    <section className="card try-answer" aria-label={t('problem.tryTitle')}>
      <h2>{t('problem.tryTitle')}</h2>
      <p className="muted">{t('problem.tryLead')}</p>
      {isChanged && (
        <Note tone="gold">
          <p>{t('problem.trySaveFirst')}</p>
        </Note>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (body) send.mutate(body)
        }}
      >
        {problem.kind === 'choice' && <TryChoice {...{ problem, typed, onChange }} />}
        {problem.kind === 'numeric' && <TryNumber {...{ problem, typed, onChange }} />}
        {problem.kind === 'program' && <TryProgram {...{ problem, typed, onChange }} />}
        <FormError error={send.error} />
        <Button type="submit" icon="play" busy={send.isPending} disabled={!body}>
          {t('problem.tryIt')}
        </Button>
      </form>
      {sentId && <Tried key={sentId} id={sentId} />}
    </section>
  )
}

function TryChoice({ problem, typed, onChange }: PartProps) {
  const { t } = useTranslation()
  const toggle = (id: string, isOn: boolean) =>
    onChange({ choices: problem.multiple ? [...typed.choices.filter((each) => each !== id), ...(isOn ? [id] : [])] : [id] })
  return (
    <fieldset>
      <legend>{t('problem.tryChoose')}</legend>
      {problem.options?.map((option) => (
        <label key={option.id} className="check">
          <input
            type={problem.multiple ? 'checkbox' : 'radio'}
            name="try"
            checked={typed.choices.includes(option.id)}
            onChange={(event) => toggle(option.id, event.currentTarget.checked)}
          />
          <Html html={option.html} as="span" />
        </label>
      ))}
    </fieldset>
  )
}

function TryNumber({ problem, typed, onChange }: PartProps) {
  const { t } = useTranslation()
  return (
    <div className="form-row">
      <TextField label={t('problem.tryNumber')} value={typed.value} maxLength={60} inputMode="decimal" onText={(value) => onChange({ value })} />
      {problem.unit !== undefined && <TextField label={t('problem.tryUnit')} value={typed.unit} maxLength={30} onText={(unit) => onChange({ unit })} />}
    </div>
  )
}

function TryProgram({ problem, typed, onChange }: PartProps) {
  const { t } = useTranslation()
  const languages = useQuery(languagesQuery)
  const usable = (languages.data?.languages ?? []).filter(({ id }) => problem.languages?.includes(id) ?? true)
  return (
    <>
      <div className="field-narrow">
        <SelectField
          label={t('submission.language')}
          value={typed.language}
          options={[{ value: '', label: '–' }, ...usable.map(({ id, name }) => ({ value: id, label: name }))]}
          onPick={(language) => onChange({ language })}
        />
      </div>
      <Field label={t('problem.trySource')}>
        {(control) => (
          <textarea
            className="input input-mono"
            rows={8}
            spellCheck={false}
            maxLength={65_536}
            value={typed.source}
            {...control}
            onChange={(event) => onChange({ source: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  )
}

function Tried({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const isLive = useLiveState() === 'ready'
  const read = useQuery(submissionQuery(id, isLive))
  const submission: Submission | undefined = read.data
  return (
    <div className="tried">
      <div role="status" aria-live="polite" className="row">
        <SubmissionBadge submission={submission ?? { status: 'queued' }} />
        {submission?.verdict === 'PARTIAL' && <span className="muted number">{t('problem.tryScore', { score: submission.score ?? 0 })}</span>}
        {submission?.status === 'judged' && submission.verdict !== 'AC' && <span className="muted">{t('problem.tryWrong')}</span>}
      </div>
      {submission && !isPending(submission) && submission.compileLog && <pre className="code-block small">{submission.compileLog}</pre>}
      {submission?.tests && submission.tests.length > 0 && <TestStrip tests={submission.tests} />}
    </div>
  )
}
