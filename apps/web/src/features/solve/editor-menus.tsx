import { useTranslation } from 'react-i18next'
import { CheckField, RadioField, SelectField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { type EditorSettings, fontSizes, keyBindings, tabSizes } from './editor-settings.ts'

type SettingsProps = { readonly settings: EditorSettings; readonly onChange: (settings: EditorSettings) => void }

export function SettingsMenu({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation()
  const set = (more: Partial<EditorSettings>) => onChange({ ...settings, ...more })
  return (
    <Menu label={t('room.editor.settings')} face={<Icon name="wrench" />} className="menu-editor">
      {() => (
        <div className="menu-panel editor-settings">
          <SelectField
            label={t('room.editor.fontSize')}
            value={String(settings.fontSize)}
            options={fontSizes.map((size) => ({ value: String(size), label: String(size) }))}
            onPick={(size) => set({ fontSize: fontSizes.find((each) => String(each) === size) ?? settings.fontSize })}
          />
          <SelectField
            label={t('room.editor.tabSize')}
            value={String(settings.tabSize)}
            options={tabSizes.map((size) => ({ value: String(size), label: String(size) }))}
            onPick={(size) => set({ tabSize: tabSizes.find((each) => String(each) === size) ?? settings.tabSize })}
          />
          <CheckField label={t('room.editor.tabs')} checked={settings.isTabIndent} onCheck={(isTabIndent) => set({ isTabIndent })} />
          <CheckField label={t('room.editor.wrap')} checked={settings.isWrapped} onCheck={(isWrapped) => set({ isWrapped })} />
          <RadioField
            label={t('room.editor.keys')}
            value={settings.keys}
            options={keyBindings.map((value) => ({ value, label: t(`room.editor.binding.${value}`) }))}
            onPick={(keys) => set({ keys })}
          />
        </div>
      )}
    </Menu>
  )
}

const shortcuts = ['run', 'submit', 'find', 'comment', 'leave', 'tabMode'] as const
const keysOf: Readonly<Record<(typeof shortcuts)[number], readonly string[]>> = {
  run: ['Ctrl', 'Enter'],
  submit: ['Ctrl', 'Shift', 'Enter'],
  find: ['Ctrl', 'F'],
  comment: ['Ctrl', '/'],
  leave: ['Esc', 'Tab'],
  tabMode: ['Ctrl', 'M'],
}

export function KeysMenu() {
  const { t } = useTranslation()
  return (
    <Menu label={t('room.keys.title')} face={<Icon name="info" />} className="menu-editor">
      {() => (
        <div className="menu-panel editor-keys">
          <h3>{t('room.keys.title')}</h3>
          <dl>
            {shortcuts.map((name) => (
              <div key={name} className="row row-between">
                <dt>
                  {keysOf[name].map((key, at) => (
                    <span key={key}>
                      {at > 0 && (name === 'leave' ? ', ' : ' + ')}
                      <kbd>{key}</kbd>
                    </span>
                  ))}
                </dt>
                <dd>{t(`room.keys.${name}`)}</dd>
              </div>
            ))}
          </dl>
          <p className="hint">{t('room.keys.mac')}</p>
        </div>
      )}
    </Menu>
  )
}
