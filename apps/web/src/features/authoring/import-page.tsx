import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../lib/arena.ts'
import { formatMemory } from '../../lib/format.ts'
import { uploadPackage } from '../../lib/upload.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'

const limitBytes = 64 * 1024 ** 2

export function ImportPage() {
  const { t, i18n } = useTranslation()
  usePageTitle(t('import.title'))
  const client = useQueryClient()
  const [file, setFile] = useState<File>()
  const [share, setShare] = useState(0)
  const upload = useMutation({
    mutationFn: (chosen: File) => uploadPackage(api, { file: chosen, onProgress: setShare }),
    onSettled: () => setShare(0),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['problems'] }),
  })
  const isTooLarge = file !== undefined && file.size > limitBytes
  return (
    <section className="card" style={{ maxWidth: '42rem' }}>
      <h1>{t('import.title')}</h1>
      <p className="muted">{t('import.lead')}</p>
      <Field label={t('import.file')} hint={file && formatMemory(file.size, i18n.language)} error={isTooLarge ? t('import.tooLarge') : undefined}>
        {(control) => (
          <input type="file" className="input" accept=".zip,application/zip" {...control} onChange={(event) => setFile(event.currentTarget.files?.[0])} />
        )}
      </Field>
      <FormError error={upload.error} />
      {upload.isPending && (
        <div role="status" aria-live="polite">
          <progress style={{ width: '100%' }} max={1} value={share} aria-label={t('import.progress')} />
          <p className="hint">{share < 1 ? t('import.sending', { percent: Math.round(share * 100) }) : t('import.reading')}</p>
        </div>
      )}
      {upload.data && (
        <Note tone="good" live>
          <p>
            {t('import.done')} <Link href={`/teach/problems/${upload.data.problem.id}`}>{upload.data.problem.title}</Link>
          </p>
          {upload.data.verification === 'running' && <p>{t('import.verifying')}</p>}
        </Note>
      )}
      {upload.data?.warnings.map((warning) => (
        <Note key={warning} tone="gold">
          <p>{warning}</p>
        </Note>
      ))}
      <Button tone="primary" icon="upload" busy={upload.isPending} disabled={!file || isTooLarge} onPress={() => file && upload.mutate(file)}>
        {t('import.send')}
      </Button>
    </section>
  )
}
