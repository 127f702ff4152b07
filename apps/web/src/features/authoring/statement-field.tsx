import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../lib/arena.ts'
import { Field } from '../../ui/field.tsx'
import { Html } from '../../ui/html.tsx'

const previewAfterMs = 500

/** `value`, once it has rested for `ms`. */
function useRested(value: string, ms: number): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}

/** Markdown with formulas, and beside it what pupils will see, rendered by the server. */
export function StatementField({ label, value, onText }: { readonly label: string; readonly value: string; readonly onText: (text: string) => void }) {
  const { t } = useTranslation()
  const rested = useRested(value, previewAfterMs)
  const preview = useQuery({
    queryKey: ['preview', rested],
    queryFn: ({ signal }) => api.call('POST /api/problems/preview', { body: { statement: rested } }, { signal }),
    enabled: rested.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    placeholderData: (before) => before,
  })
  return (
    <div className="statement-pair">
      <Field label={label} hint={t('problem.statementHint')}>
        {(control) => (
          <textarea
            className="input input-mono"
            rows={12}
            maxLength={50_000}
            value={value}
            {...control}
            onChange={(event) => onText(event.currentTarget.value)}
          />
        )}
      </Field>
      <section aria-label={t('problem.preview')} className="statement-preview">
        <span className="field-label">{t('problem.preview')}</span>
        <div className="preview-paper" aria-busy={preview.isFetching}>
          {rested.trim() !== '' && preview.data ? (
            <Html html={preview.data.html} />
          ) : (
            <p className="muted">{preview.isError ? t('problem.previewFailed') : t('problem.previewEmpty')}</p>
          )}
        </div>
      </section>
    </div>
  )
}
