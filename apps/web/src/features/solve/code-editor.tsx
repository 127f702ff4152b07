import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { storage } from '../../lib/arena.ts'
import type { EditorHandle } from './code-mirror.ts'

const plainKey = 'arena.plain-editor'

type Props = {
  readonly value: string
  /** Grows when `value` was replaced from outside; keystrokes leave it. */
  readonly epoch: number
  readonly language: string
  readonly label: string
  readonly onChange: (value: string) => void
}

/**
 * A plain text area at once, so that slow lines can type; CodeMirror takes its place when it has come, text and cursor kept. The plain one stays when
 * it is chosen (screen readers, old phones) or when the editor cannot be fetched.
 */
export function CodeEditor({ value, epoch, language, label, onChange }: Props) {
  const { t } = useTranslation()
  const [isPlain, setPlain] = useState(() => storage.get(plainKey) === '1')
  const [isReady, setReady] = useState(false)
  const host = useRef<HTMLDivElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const editor = useRef<EditorHandle | undefined>(undefined)
  const latest = useRef({ value, language, label, onChange })
  latest.current = { value, language, label, onChange }

  useEffect(() => {
    if (isPlain) return
    let isGone = false
    const mount = async () => {
      const { mountEditor } = await import('./code-mirror.ts')
      if (isGone || !host.current) return
      const typed = area.current
      const hadFocus = typed !== null && document.activeElement === typed
      editor.current = mountEditor({
        parent: host.current,
        // The area itself, not the state: a keystroke may not have reached that yet.
        doc: typed?.value ?? latest.current.value,
        cursor: typed?.selectionStart ?? 0,
        label: latest.current.label,
        onChange: (text) => latest.current.onChange(text),
      })
      editor.current.setLanguage(latest.current.language)
      // At once, not at the next render: who is typing goes on in the editor without losing a key.
      host.current.hidden = false
      if (typed) typed.hidden = true
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
  // the text itself must not drive this: the editor's keystrokes run ahead of it
  useEffect(() => editor.current?.setDoc(latest.current.value), [epoch])

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
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <div ref={host} className="editor-rich" hidden={!isReady} />
      <div className="row row-between small">
        <label className="check">
          <input
            type="checkbox"
            checked={isPlain}
            onChange={(event) => {
              const next = event.currentTarget.checked
              storage.set(plainKey, next ? '1' : '0')
              setPlain(next)
            }}
          />
          <span>{t('solve.plainEditor')}</span>
        </label>
        {isReady && <span className="muted">{t('solve.tabHint')}</span>}
      </div>
    </div>
  )
}
