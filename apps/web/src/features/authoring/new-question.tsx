import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemKind, Subject } from '#contracts/common'
import type { Problem } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ProblemEditor } from './problem-editor-form.tsx'
import { emptyProblemForm, newProblem } from './problem-form.ts'
import { useKeptForm } from './use-kept-form.ts'

/** A program wants tests and a look at the verdict: that is made on its own page. */
const kinds: readonly ProblemKind[] = ['choice', 'numeric']

/** A question made while a contest is being put together; it is the teacher's from then on, like any other. */
export function NewQuestion({ subject, onMade }: { readonly subject: Subject; readonly onMade: (problem: Problem) => void }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <section aria-label={t('contestForm.newQuestion')} className="new-question">
      <Button icon={isOpen ? 'cross' : 'plus'} expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {isOpen ? t('contestForm.noQuestion') : t('contestForm.newQuestion')}
      </Button>
      {isOpen && (
        <Making
          subject={subject}
          onMade={(problem) => {
            setOpen(false)
            onMade(problem)
          }}
        />
      )}
    </section>
  )
}

function Making({ subject, onMade }: { readonly subject: Subject; readonly onMade: (problem: Problem) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const empty = { ...emptyProblemForm, subject }
  const kept = useKeptForm('problem.quick', empty)
  const save = useAction({
    mutationFn: () => api.call('POST /api/problems', { body: newProblem(kept.form) }),
    onSuccess: ({ problem }) => {
      toast(t('problem.saved'))
      kept.settle(empty)
      void client.invalidateQueries({ queryKey: ['problems'] })
      onMade(problem)
    },
  })
  return (
    <ProblemEditor
      form={kept.form}
      setForm={kept.setForm}
      isNew
      kinds={kinds}
      isBusy={save.isPending}
      canSave
      error={save.error}
      save={t('contestForm.makeQuestion')}
      onSave={() => save.mutate()}
    />
  )
}
