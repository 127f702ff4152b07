import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/states.tsx'
import type { KeptForm } from './use-kept-form.ts'

/** Says that there is something unsaved, from when, and lets it be thrown away. */
export function UnsavedNote({ kept }: { readonly kept: Pick<KeptForm<object>, 'isDirty' | 'wasRestored' | 'isTooLong' | 'discard'> }) {
  const { t } = useTranslation()
  if (!kept.isDirty) return null
  if (kept.isTooLong) return <p className="hint">{t('teach.tooLongToKeep')}</p>
  if (!kept.wasRestored) return <p className="hint">{t('teach.keptHere')}</p>
  return (
    <Note live>
      <div className="row row-between">
        <p>{t('teach.restored')}</p>
        <Button small onPress={kept.discard}>
          {t('teach.discard')}
        </Button>
      </div>
    </Note>
  )
}
