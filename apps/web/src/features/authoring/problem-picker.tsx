import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemKind, Subject } from '#contracts/common'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Empty, Note, Shown } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'
import { type ContestForm, movedTo, type PickedProblem } from './contest-form.ts'
import { NewQuestion } from './new-question.tsx'

type Picked = readonly PickedProblem[]
type Props = {
  readonly picked: Picked
  readonly subject: Subject
  readonly error: string | undefined
  readonly hasStarted: boolean
  readonly onChange: (part: Pick<ContestForm, 'problems'>) => void
}
const placed = (problem: { readonly id: string; readonly title: string; readonly kind: ProblemKind }): PickedProblem => ({
  ...{ problemId: problem.id, title: problem.title, kind: problem.kind, label: '', points: '', maxAttempts: '' },
})

/** The contest's problems in order, with label, points and attempts, all others that may be added, and a way to make one on the spot. */
export function ProblemPicker({ picked, subject, error, hasStarted, onChange }: Props) {
  const { t } = useTranslation()
  const change = (problems: Picked) => onChange({ problems })
  const add = (problem: Parameters<typeof placed>[0]) => change([...picked, placed(problem)])
  return (
    <>
      <fieldset aria-describedby={error && 'problems-error'}>
        <legend className="sr-only">{t('contestForm.problems')}</legend>
        {picked.length === 0 ? <p className="muted">{t('contestForm.noProblems')}</p> : <p className="hint">{t('contestForm.problemsHint')}</p>}
        {hasStarted && (
          <Note icon="lock">
            <p>{t('contestForm.problemsStay')}</p>
          </Note>
        )}
        <PickedList picked={picked} mayRemove={!hasStarted} onChange={change} />
        {error && (
          <p className="field-error" id="problems-error" role="alert">
            {error}
          </p>
        )}
      </fieldset>
      <NewQuestion subject={subject} onMade={add} />
      <Available picked={picked} onAdd={add} />
    </>
  )
}

type ListProps = { readonly picked: Picked; readonly mayRemove: boolean; readonly onChange: (picked: Picked) => void }

/** Ordered by dragging a row, or by its buttons. */
function PickedList({ picked, mayRemove, onChange }: ListProps) {
  const [dragged, setDragged] = useState<number>()
  const [over, setOver] = useState<number>()
  const end = () => {
    setDragged(undefined)
    setOver(undefined)
  }
  const dragging = (at: number) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => {
      // a field's text is selected by dragging, too
      if ((event.target as HTMLElement).closest('input')) return event.preventDefault()
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', String(at))
      setDragged(at)
    },
    onDragOver: (event: DragEvent) => {
      if (dragged === undefined) return
      event.preventDefault()
      setOver(at)
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      if (dragged !== undefined) onChange(movedTo(picked, dragged, at))
      end()
    },
    onDragEnd: end,
  })
  return (
    <ol className="plain-list">
      {picked.map((problem, at) => (
        <li
          key={problem.problemId}
          className={`picked-row ${dragged === at ? 'is-dragged' : ''} ${over === at && dragged !== at ? 'is-over' : ''}`}
          {...dragging(at)}
        >
          <PickedRow {...{ problem, at, picked, mayRemove, onChange }} />
        </li>
      ))}
    </ol>
  )
}

function PickedRow({ problem, at, picked, mayRemove, onChange }: ListProps & { readonly problem: PickedProblem; readonly at: number }) {
  const { t } = useTranslation()
  const set = (part: Partial<PickedProblem>) => onChange(picked.map((each, index) => (index === at ? { ...each, ...part } : each)))
  const small = (field: 'label' | 'points' | 'maxAttempts', label: string) => (
    <label className="picked-number">
      <span className="small muted">{label}</span>
      <input
        className="input"
        value={problem[field]}
        maxLength={field === 'label' ? 4 : 6}
        placeholder={field === 'label' ? String.fromCharCode(65 + (at % 26)) : t('contestForm.auto')}
        inputMode={field === 'label' ? 'text' : 'numeric'}
        aria-label={`${label}: ${problem.title}`}
        onChange={(event) => set({ [field]: event.currentTarget.value })}
      />
    </label>
  )
  const { title } = problem
  return (
    <>
      <span className="drag-handle" aria-hidden="true">
        ⠿
      </span>
      <div className="grow">
        <strong>{title}</strong>
        <div className="small muted">{t(`kind.${problem.kind}`)}</div>
      </div>
      {small('label', t('contestForm.label'))}
      {small('points', t('contestForm.points'))}
      {small('maxAttempts', t('contestForm.maxAttempts'))}
      <div className="row picked-buttons">
        <IconButton small icon="up" label={t('contestForm.moveUp', { title })} disabled={at === 0} onPress={() => onChange(movedTo(picked, at, at - 1))} />
        <IconButton
          small
          icon="down"
          label={t('contestForm.moveDown', { title })}
          disabled={at === picked.length - 1}
          onPress={() => onChange(movedTo(picked, at, at + 1))}
        />
        <IconButton
          small
          icon="cross"
          label={t('contestForm.remove', { title })}
          disabled={!mayRemove}
          onPress={() => onChange(picked.filter((_, index) => index !== at))}
        />
      </div>
    </>
  )
}

type Filters = { readonly text: string; readonly kind: ProblemKind | ''; readonly subject: Subject | '' }
const kinds: readonly ProblemKind[] = ['choice', 'numeric', 'program']

function Available({ picked, onAdd }: { readonly picked: Picked; readonly onAdd: (problem: Parameters<typeof placed>[0]) => void }) {
  const { t } = useTranslation()
  const [{ text, kind, subject }, setFilters] = useState<Filters>({ text: '', kind: '', subject: '' })
  const filter = { limit: 200, ...(text.trim() && { query: text.trim() }), ...(kind && { kind }), ...(subject && { subject }) }
  const set = (part: Partial<Filters>) => setFilters((before) => ({ ...before, ...part }))
  const problems = useQuery({
    queryKey: keys.problems({ pick: true, ...filter }),
    queryFn: async ({ signal }) => (await api.call('GET /api/problems', { query: filter }, { signal })).problems,
    placeholderData: keepPreviousData,
  })
  const taken = new Set(picked.map(({ problemId }) => problemId))
  return (
    <section aria-label={t('contestForm.available')} className="available">
      <div className="form-row">
        <TextField label={t('contestForm.find')} type="search" value={text} onText={(next) => set({ text: next })} />
        <SelectField
          label={t('problem.kind')}
          value={kind}
          options={[{ value: '', label: t('teach.any') }, ...kinds.map((value) => ({ value, label: t(`kind.${value}`) }))]}
          onPick={(next) => set({ kind: next })}
        />
        <SelectField
          label={t('problem.subject')}
          value={subject}
          options={[{ value: '', label: t('teach.any') }, ...subjects.map((value) => ({ value, label: t(`subject.${value}`) }))]}
          onPick={(next) => set({ subject: next })}
        />
      </div>
      <Shown read={problems}>
        {(list) => {
          const free = list.filter(({ id }) => !taken.has(id))
          if (free.length === 0) return <Empty>{t('practice.none')}</Empty>
          return (
            <ul className="plain-list available-list">
              {free.map((problem) => (
                <li key={problem.id} className="row row-between">
                  <span className="grow">
                    {problem.title} <span className="small muted">{`${t(`kind.${problem.kind}`)} · ${t(`subject.${problem.subject}`)}`}</span>
                  </span>
                  <Button small icon="plus" label={t('contestForm.add', { title: problem.title })} onPress={() => onAdd(problem)}>
                    {t('action.add')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }}
      </Shown>
    </section>
  )
}
