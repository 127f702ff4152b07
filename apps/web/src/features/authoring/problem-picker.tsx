import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { moved, type PickedProblem } from './contest-form.ts'

type Props = { readonly picked: readonly PickedProblem[]; readonly onChange: (picked: readonly PickedProblem[]) => void }

/** The contest's problems in order, with label, points and attempts, and all others that may be added. */
export function ProblemPicker({ picked, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend>{t('contestForm.problems')}</legend>
      {picked.length === 0 ? <p className="muted">{t('contestForm.noProblems')}</p> : <p className="hint">{t('contestForm.problemsHint')}</p>}
      <ol className="plain-list">
        {picked.map((problem, at) => (
          <PickedRow key={problem.problemId} problem={problem} at={at} picked={picked} onChange={onChange} />
        ))}
      </ol>
      <Available picked={picked} onChange={onChange} />
    </fieldset>
  )
}

function PickedRow({ problem, at, picked, onChange }: Props & { readonly problem: PickedProblem; readonly at: number }) {
  const { t } = useTranslation()
  const set = (change: Partial<PickedProblem>) => onChange(picked.map((each, index) => (index === at ? { ...each, ...change } : each)))
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
  return (
    <li className="picked-row">
      <div className="grow">
        <strong>{problem.title}</strong>
        <div className="small muted">{t(`kind.${problem.kind}`)}</div>
      </div>
      {small('label', t('contestForm.label'))}
      {small('points', t('contestForm.points'))}
      {small('maxAttempts', t('contestForm.maxAttempts'))}
      <div className="row" style={{ gap: '0.2rem', flexWrap: 'nowrap' }}>
        <IconButton
          small
          icon="up"
          label={t('contestForm.moveUp', { title: problem.title })}
          disabled={at === 0}
          onPress={() => onChange(moved(picked, at, -1))}
        />
        <IconButton
          small
          icon="down"
          label={t('contestForm.moveDown', { title: problem.title })}
          disabled={at === picked.length - 1}
          onPress={() => onChange(moved(picked, at, 1))}
        />
        <IconButton
          small
          icon="cross"
          label={t('contestForm.remove', { title: problem.title })}
          onPress={() => onChange(picked.filter((_, index) => index !== at))}
        />
      </div>
    </li>
  )
}

function Available({ picked, onChange }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const query = text.trim()
  const problems = useQuery({
    queryKey: keys.problems({ pick: true, query }),
    queryFn: async ({ signal }) => (await api.call('GET /api/problems', { query: { limit: 200, ...(query && { query }) } }, { signal })).problems,
    placeholderData: keepPreviousData,
  })
  const taken = new Set(picked.map(({ problemId }) => problemId))
  return (
    <section aria-label={t('contestForm.available')} className="available">
      <TextField label={t('contestForm.find')} type="search" value={text} onText={setText} />
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
                  <Button
                    small
                    icon="plus"
                    label={t('contestForm.add', { title: problem.title })}
                    onPress={() =>
                      onChange([...picked, { problemId: problem.id, title: problem.title, kind: problem.kind, label: '', points: '', maxAttempts: '' }])
                    }
                  >
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
