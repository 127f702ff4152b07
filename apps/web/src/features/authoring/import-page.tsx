import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Answer } from '../../lib/api-client.ts'
import { ApiError } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { formatMemory } from '../../lib/format.ts'
import { uploadPackage } from '../../lib/upload.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'
import { ImportFacts } from './import-facts.tsx'
import { complaintsOf } from './import-report.ts'

const limitBytes = 64 * 1024 ** 2
type Imported = Answer<'POST /api/problems/import'>

export function ImportPage() {
  const { t } = useTranslation()
  usePageTitle(t('import.title'))
  const client = useQueryClient()
  const [file, setFile] = useState<File>()
  const [share, setShare] = useState(0)
  const upload = useMutation({
    mutationFn: (chosen: File) => uploadPackage(api, { file: chosen, onProgress: setShare }),
    onSettled: () => setShare(0),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['problems'] }),
  })
  const pick = (chosen: File | undefined) => {
    upload.reset()
    setFile(chosen)
  }
  const isTooLarge = file !== undefined && file.size > limitBytes
  return (
    <section className="card import-page">
      <h1>{t('import.title')}</h1>
      <p className="muted">{t('import.lead')}</p>
      <PackageField file={file} error={isTooLarge ? t('import.tooLarge') : undefined} onPick={pick} />
      {upload.isPending && (
        <div role="status" aria-live="polite">
          <progress className="import-progress" max={1} value={share < 1 ? share : undefined} aria-label={t('import.progress')} />
          <p className="hint">{share < 1 ? t('import.sending', { percent: Math.round(share * 100) }) : t('import.reading')}</p>
        </div>
      )}
      <Refused error={upload.error} />
      {upload.data && <Report imported={upload.data} />}
      <Button tone="primary" icon="upload" busy={upload.isPending} disabled={!file || isTooLarge} onPress={() => file && upload.mutate(file)}>
        {t('import.send')}
      </Button>
    </section>
  )
}

type PackageFieldProps = { readonly file: File | undefined; readonly error: string | undefined; readonly onPick: (file: File | undefined) => void }

/** A file is dropped here, or picked as in any form. */
function PackageField({ file, error, onPick }: PackageFieldProps) {
  const { t, i18n } = useTranslation()
  const [isOver, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onPick(event.dataTransfer.files[0])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the field inside is the one for everybody
    <div
      className={`drop-zone ${isOver ? 'is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" size={28} />
      <p>{file ? `${file.name} · ${formatMemory(file.size, i18n.language)}` : t('import.drop')}</p>
      <Field label={t('import.file')} error={error}>
        {(control) => (
          <input type="file" className="input" accept=".zip,application/zip" {...control} onChange={(event) => onPick(event.currentTarget.files?.[0])} />
        )}
      </Field>
    </div>
  )
}

/** All that is wrong with a package, each thing on a line. */
function Refused({ error }: { readonly error: unknown }) {
  const { t } = useTranslation()
  if (!(error instanceof ApiError) || error.code !== 'PACKAGE_INVALID') return <FormError error={error} />
  const complaints = complaintsOf(error.details)
  return (
    <Note tone="bad" live>
      <p>{t('import.refused', { count: complaints.length })}</p>
      <ul>
        {complaints.map((complaint) => (
          <li key={complaint}>{complaint}</li>
        ))}
      </ul>
    </Note>
  )
}

function Report({ imported: { problem, warnings, report, verification } }: { readonly imported: Imported }) {
  const { t } = useTranslation()
  return (
    <>
      <Note tone="good" live>
        <p>
          {t('import.done')} <Link href={`/teach/problems/${problem.id}`}>{problem.title}</Link>
        </p>
        {verification === 'running' && <p>{t('import.verifying')}</p>}
      </Note>
      <ImportFacts report={report} />
      {warnings.length > 0 && (
        <Note tone="gold">
          <p>{t('import.warnings', { count: warnings.length })}</p>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Note>
      )}
    </>
  )
}
