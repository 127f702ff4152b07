import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '#contracts/contest'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { KeysMenu, SettingsMenu } from './editor-menus.tsx'
import type { EditorSettings } from './editor-settings.ts'

type Props = {
  readonly languages: readonly Language[]
  readonly language: string
  readonly onLanguage: (id: string) => void
  readonly onFile: (file: File) => void
  /** Absent: the program is as it began, or there is nothing it could begin as. */
  readonly onReset?: (() => void) | undefined
  readonly settings: EditorSettings
  readonly onSettings: (settings: EditorSettings) => void
}

export function EditorBar({ languages, language, onLanguage, onFile, onReset, settings, onSettings }: Props) {
  const { t } = useTranslation()
  const [asks, setAsks] = useState(false)
  return (
    <div className="row editor-bar">
      <div className="editor-language">
        <SelectField
          label={t('solve.language')}
          value={language}
          options={languages.map(({ id, name, version }) => ({ value: id, label: version ? `${name} (${version})` : name }))}
          onPick={onLanguage}
        />
      </div>
      <div className="row editor-tools">
        <Upload onFile={onFile} />
        <button type="button" className="button button-small" disabled={!onReset} onClick={() => setAsks(true)}>
          {t('room.editor.reset')}
        </button>
        <SettingsMenu settings={settings} onChange={onSettings} />
        <KeysMenu />
      </div>
      {asks && onReset && (
        <ConfirmDialog
          title={t('room.editor.resetTitle')}
          confirm={t('room.editor.reset')}
          danger
          onConfirm={() => {
            onReset()
            setAsks(false)
          }}
          onCancel={() => setAsks(false)}
        >
          <p>{t('room.editor.resetWhy')}</p>
        </ConfirmDialog>
      )}
    </div>
  )
}

function Upload({ onFile }: { readonly onFile: (file: File) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label={t('solve.upload')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file) onFile(file)
          event.currentTarget.value = ''
        }}
      />
      <button type="button" className="button button-small" onClick={() => input.current?.click()}>
        <Icon name="upload" size={15} />
        {t('solve.uploadFile')}
      </button>
    </>
  )
}
