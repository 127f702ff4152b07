import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { download } from '../../lib/download.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { FormError } from '../../ui/states.tsx'
import { resultsName } from './results-file.ts'

type Kind = 'xlsx' | 'comma' | 'semicolon' | 'tab'
const kinds: readonly Kind[] = ['xlsx', 'comma', 'semicolon', 'tab']

/** The results as a file: all of them, whatever the public board still hides. */
export function ResultsDownload({ contest }: { readonly contest: Contest }) {
  const { t, i18n } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const [kind, setKind] = useState<Kind>('xlsx')
  const save = useAction({
    mutationFn: () => {
      const format = kind === 'xlsx' ? 'xlsx' : 'csv'
      const query = new URLSearchParams({ format, language: i18n.language, ...(kind !== 'xlsx' && { separator: kind }) })
      return download(api, { url: `/api/leaderboard/${contest.id}/export?${query}`, name: resultsName(contest.title, format) })
    },
  })
  return (
    <div className="results-download">
      <Button icon="output" expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {t('monitor.results')}
      </Button>
      {isOpen && (
        <div className="results-panel card">
          <SelectField
            label={t('monitor.file')}
            hint={t('monitor.fileHint')}
            value={kind}
            options={kinds.map((value) => ({ value, label: t(`monitor.fileKind.${value}`) }))}
            onPick={setKind}
          />
          <FormError error={save.error} />
          <Button tone="primary" busy={save.isPending} onPress={() => save.mutate()}>
            {t('monitor.save')}
          </Button>
        </div>
      )}
    </div>
  )
}
