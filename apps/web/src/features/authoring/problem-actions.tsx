import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { ExportFormat, Problem } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { download } from '../../lib/download.ts'
import { useAction } from '../../lib/use-action.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { SelectField } from '../../ui/field.tsx'
import { FormError } from '../../ui/states.tsx'
import { formOf } from './problem-form.ts'
import { keptForms } from './use-kept-form.ts'

const formats: readonly ExportFormat[] = ['legacy', '2025-09']

/** What may be done with a problem as a whole: judged again, taken along as a package, copied, removed. */
export function ProblemActions({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  return (
    <div className="row">
      <Link href={`/teach/problems/${problem.id}/rejudgings`} className="button button-small">
        {t('rejudging.practice')}
      </Link>
      {problem.kind === 'program' ? <ExportProblem problem={problem} /> : <CopyProblem problem={problem} />}
      <RemoveProblem problem={problem} />
    </div>
  )
}

/** A question like this one, to be changed before it is made. A program is copied by its package: its tests may be large. */
function CopyProblem({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  const userId = useUser()?.id ?? ''
  const [, go] = useLocation()
  const copy = () => {
    keptForms.write({ userId, what: 'problem.new' }, { ...formOf(problem), title: t('problem.copyOf', { title: problem.title }).slice(0, 200), public: false })
    go('/teach/problems/new')
  }
  return (
    <Button small icon="copy" onPress={copy}>
      {t('problem.copy')}
    </Button>
  )
}

function ExportProblem({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const [format, setFormat] = useState<ExportFormat>('legacy')
  const save = useAction({
    mutationFn: () => download(api, { url: `/api/problems/${problem.id}/export?format=${format}`, name: `problem-${problem.id.slice(-8)}.zip` }),
    onSuccess: () => setOpen(false),
  })
  return (
    <>
      <Button small icon="output" onPress={() => setOpen(true)}>
        {t('problem.export')}
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={t('problem.exportTitle')}
          confirm={t('problem.exportSave')}
          busy={save.isPending}
          onConfirm={() => save.mutate()}
          onCancel={() => setOpen(false)}
        >
          <SelectField
            label={t('problem.exportFormat')}
            value={format}
            options={formats.map((value) => ({ value, label: t(`import.format.${value}`) }))}
            onPick={setFormat}
          />
          <FormError error={save.error} />
        </ConfirmDialog>
      )}
    </>
  )
}

function RemoveProblem({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const [asks, setAsks] = useState(false)
  const remove = useAction({
    mutationFn: () => api.call('DELETE /api/problems/:id', { params: { id: problem.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['problems'] })
      go('/teach/problems')
    },
  })
  return (
    <>
      <Button small tone="danger" onPress={() => setAsks(true)}>
        {t('action.remove')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('problem.removeTitle')}
          confirm={t('action.remove')}
          danger
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('problem.removeWhy', { title: problem.title })}</p>
          <FormError error={remove.error} />
        </ConfirmDialog>
      )}
    </>
  )
}
