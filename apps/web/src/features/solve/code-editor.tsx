import { type CSSProperties, type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { storage } from '../../lib/arena.ts'
import { useDataSaver } from '../../lib/use-data-saver.ts'
import { CheckField } from '../../ui/field.tsx'
import type { EditorHandle } from './code-mirror.ts'
import type { EditorSettings } from './editor-settings.ts'

const plainKey = 'arena.plain-editor'

/** Takes the cursor to a place of the program, in whichever editor is there. */
export type GoTo = (line: number, column: number) => void

type Props = {
  readonly value: string
  /** Grows when `value` was replaced from outside; keystrokes leave it. */
  readonly epoch: number
  readonly language: string
  readonly label: string
  readonly settings: EditorSettings
  readonly goTo: RefObject<GoTo | null>
  readonly onChange: (value: string) => void
}

/**
 * A plain text area at once, so that slow lines can type; CodeMirror takes its place when it has come, text and cursor kept. The plain one stays when
 * it is chosen (screen readers, old phones), when data is to be spared, on browsers that cannot show the other, or when that cannot be fetched.
 */
export function CodeEditor({ value, epoch, language, label, settings, goTo, onChange }: Props) {
  const { t } = useTranslation()
  const sparesData = useDataSaver()
  const [choice, setChoice] = useState(() => storage.get(plainKey))
  const isPlain = choice === undefined ? sparesData : choice === '1'
  const host = useRef<HTMLDivElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const editor = useRef<EditorHandle | undefined>(undefined)
  const isReady = useRich({ value, epoch, language, label, settings, onChange }, { isPlain, host, area, editor })
  useImperativeHandle(goTo, () => (line, column) => {
    if (editor.current) return editor.current.goTo(line, column)
    const at = area.current
    if (!at) return
    const before = at.value
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length
    at.focus()
    at.setSelectionRange(before + column, before + column)
  })
  return (
    <div className="editor">
      {!isReady && (
        <textarea
          ref={area}
          className="input input-mono editor-plain"
          aria-label={label}
          value={value}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          rows={14}
          style={{ fontSize: `${settings.fontSize}px`, tabSize: settings.tabSize, whiteSpace: settings.isWrapped ? 'pre-wrap' : 'pre' }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <div ref={host} className="editor-rich" style={{ '--code-size': `${settings.fontSize}px` } as CSSProperties} hidden={!isReady} />
      <div className="row row-between small">
        <CheckField
          label={t('solve.plainEditor')}
          checked={isPlain}
          onCheck={(next) => {
            storage.set(plainKey, next ? '1' : '0')
            setChoice(next ? '1' : '0')
          }}
        />
        {isReady && <span className="muted">{t('solve.tabHint')}</span>}
      </div>
    </div>
  )
}

type Content = Omit<Props, 'goTo'>
type Places = {
  readonly isPlain: boolean
  readonly host: RefObject<HTMLDivElement | null>
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly editor: { current: EditorHandle | undefined }
}

/** Brings the rich editor and keeps it in step. @returns whether it is there */
function useRich(content: Content, { isPlain, host, area, editor }: Places): boolean {
  const [isReady, setReady] = useState(false)
  const latest = useRef(content)
  latest.current = content
  const { language, epoch, settings } = content
  useEffect(() => {
    if (isPlain) return
    let isGone = false
    const mount = async () => {
      const { mayMount, mountEditor } = await import('./code-mirror.ts')
      if (isGone || !host.current || !mayMount()) return
      const typed = area.current
      const hadFocus = typed !== null && document.activeElement === typed
      // Seen before it is made, since it measures its lines; and at once, so that who is typing goes on in it without losing a key.
      host.current.hidden = false
      if (typed) typed.hidden = true
      editor.current = mountEditor({
        parent: host.current,
        // The area itself, not the state: a keystroke may not have reached that yet.
        doc: typed?.value ?? latest.current.value,
        cursor: typed?.selectionStart ?? 0,
        label: latest.current.label,
        settings: latest.current.settings,
        onChange: (text) => latest.current.onChange(text),
      })
      editor.current.setLanguage(latest.current.language)
      if (hadFocus) editor.current.focus()
      setReady(true)
    }
    mount().catch(() => setReady(false))
    return () => {
      isGone = true
      editor.current?.destroy()
      editor.current = undefined
      setReady(false)
    }
  }, [isPlain])
  useEffect(() => editor.current?.setLanguage(language), [language])
  useEffect(() => editor.current?.setSettings(settings), [settings])
  // the text itself must not drive this: the editor's keystrokes run ahead of it
  useEffect(() => editor.current?.setDoc(latest.current.value), [epoch])
  return isReady
}
