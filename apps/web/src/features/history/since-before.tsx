import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Shown } from '../../ui/states.tsx'
import { type DiffLine, type Skipped, sourceDiff, withoutTheSame } from './source-diff.ts'

/** A program beside the one before it: same problem, same language, same contest. Fetched when it is asked for. */
export function SinceBefore({ submission }: { readonly submission: Submission }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  if (submission.source === undefined) return null
  return (
    <div>
      <Button small expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {isOpen ? t('history.compareHide') : t('history.compare')}
      </Button>
      {isOpen && <Comparison submission={submission} source={submission.source} />}
    </div>
  )
}

function Comparison({ submission, source }: { readonly submission: Submission; readonly source: string }) {
  const { t, i18n } = useTranslation()
  const read = useQuery({
    queryKey: [...keys.submission(submission.id), 'before'],
    queryFn: ({ signal }) => fetchBefore(submission, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Shown read={read} lines={4}>
      {(before) => {
        if (before?.source === undefined) return <p className="muted small">{t('history.noBefore')}</p>
        const lines = sourceDiff(before.source, source)
        if (lines.every(({ kind }) => kind === 'same')) return <p className="muted small">{t('history.same')}</p>
        const title = t('history.changes', { when: formatMoment(before.submittedAt, i18n.language, clock.now()) })
        return <Changes title={title} lines={withoutTheSame(lines)} />
      }}
    </Shown>
  )
}

/** null: there is none. Its source comes with the submission itself only, not with a list. */
async function fetchBefore({ id, problemId, contestId, language }: Submission, signal: AbortSignal): Promise<Submission | null> {
  const query = { problemId, before: id, limit: 1, ...(language && { language }), ...(contestId ? { contestId } : { practice: true }) }
  const [before] = (await api.call('GET /api/submissions', { query }, { signal })).submissions
  return before ? (await api.call('GET /api/submissions/:id', { params: { id: before.id } }, { signal })).submission : null
}

const signs = { same: ' ', removed: '−', added: '+' } as const

function Changes({ title, lines }: { readonly title: string; readonly lines: readonly (DiffLine | Skipped)[] }) {
  const { t } = useTranslation()
  return (
    <section aria-label={title}>
      <h4 className="small">{title}</h4>
      <ol className="plain-list code-block small source-diff">
        {lines.map((line, at) =>
          line.kind === 'skipped' ? (
            <li key={`${at}`} className="diff-skipped">
              {t('history.sameLines', { count: line.count })}
            </li>
          ) : (
            <li key={`${at}`} className={`diff-${line.kind}`}>
              <span aria-hidden="true">{signs[line.kind]} </span>
              {line.kind !== 'same' && <span className="sr-only">{line.kind === 'removed' ? t('history.removedLine') : t('history.addedLine')}: </span>}
              <code>{line.text}</code>
            </li>
          ),
        )}
      </ol>
    </section>
  )
}
