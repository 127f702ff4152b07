import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '#contracts/contest'
import { drafts, storage } from '../../lib/arena.ts'
import { languagesQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Shown } from '../../ui/states.tsx'
import { allowedLanguages, defaultSourceLimit, languageOfFile, programBody, runBody, sourceBytes, startLanguage } from './answer-forms.ts'
import { CodeEditor } from './code-editor.tsx'
import { TryInput } from './try-input.tsx'
import { useRun } from './use-run.ts'
import type { AnswerFormProps } from './use-submit.ts'

const lastLanguageKey = 'arena.code-language'
const saveAfterMs = 400

type DraftText = { readonly source: string; readonly epoch: number }

/**
 * The program of one language, kept as a draft in this browser shortly after the last keystroke. `epoch` grows when the text is replaced from outside
 * the editor (another language, a loaded file): only then may the editor's text be overwritten, since its own keystrokes run ahead of this state.
 */
function useDraft(userId: string, problemId: string, language: string) {
  const kept = () => drafts.read({ userId, problemId, language }) ?? ''
  const [text, setText] = useState<DraftText>(() => ({ source: kept(), epoch: 0 }))
  const waiting = useRef<{ timer: number; save: () => void } | undefined>(undefined)
  const flush = () => {
    const due = waiting.current
    if (!due) return
    waiting.current = undefined
    clearTimeout(due.timer)
    due.save()
  }
  const keepSoon = (source: string) => {
    if (waiting.current) clearTimeout(waiting.current.timer)
    waiting.current = { timer: window.setTimeout(flush, saveAfterMs), save: () => drafts.write({ userId, problemId, language }, source) }
  }
  const replace = (source: string) => setText((before) => ({ source, epoch: before.epoch + 1 }))
  // the helpers read refs and these three names only
  useEffect(() => {
    replace(kept())
    // a phone may put the page away, or a pupil reload it, within those milliseconds
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [userId, problemId, language])
  return {
    ...text,
    type(source: string) {
      setText((before) => ({ ...before, source }))
      keepSoon(source)
    },
    load(source: string) {
      replace(source)
      keepSoon(source)
    },
  }
}

type ProgramFormProps = AnswerFormProps & { readonly feedback: ReactNode }

export function ProgramForm(props: ProgramFormProps) {
  const languages = useQuery(languagesQuery)
  return (
    <>
      <Shown read={languages} lines={6}>
        {(data) => <Editor {...props} languages={allowedLanguages(props.target.problem, data.languages)} />}
      </Shown>
      {languages.data === undefined && props.feedback}
    </>
  )
}

function Editor({ target, submitting, isDone, feedback, languages }: ProgramFormProps & { readonly languages: readonly Language[] }) {
  const { t } = useTranslation()
  const { problem, contestId, userId } = target
  const [language, setLanguage] = useState(() => startLanguage(languages, storage.get(lastLanguageKey)))
  const draft = useDraft(userId, problem.id, language)
  const { source } = draft
  const uploaded = useRef<{ language: string; text: string } | undefined>(undefined)
  const pick = (next: string) => {
    storage.set(lastLanguageKey, next)
    setLanguage(next)
  }
  // runs after the draft of the new language was put in
  useEffect(() => {
    if (uploaded.current?.language !== language) return
    draft.load(uploaded.current.text)
    uploaded.current = undefined
  }, [language])
  const upload = async (file: File | undefined) => {
    if (!file) return
    const text = await file.text()
    const fits = languageOfFile(file.name, languages, language)
    if (fits === language) return draft.load(text)
    uploaded.current = { language: fits, text }
    pick(fits)
  }
  const limit = problem.limits?.sourceBytes ?? defaultSourceLimit
  const size = sourceBytes(source)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submitting.submit(programBody({ problemId: problem.id, contestId }, language, source))
  }
  const running = useRun()
  const [input, setInput] = useState(problem.samples?.[0]?.input ?? '')
  const isEmpty = source.trim() === '' || size > limit || language === ''
  const run = () => {
    if (!isEmpty && !running.isRunning) running.start(runBody({ problemId: problem.id, contestId }, { language, source, input }))
  }
  // before the editor, which would add a line
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }
  return (
    <form onSubmit={onSubmit} onKeyDownCapture={onKey}>
      <div className="row editor-bar">
        <div className="grow">
          <SelectField
            label={t('solve.language')}
            value={language}
            options={languages.map(({ id, name, version }) => ({ value: id, label: version ? `${name} (${version})` : name }))}
            onPick={pick}
          />
        </div>
        <Upload onFile={(file) => void upload(file)} />
      </div>
      <CodeEditor value={source} epoch={draft.epoch} language={language} label={t('solve.source')} onChange={draft.type} />
      <p className={size > limit ? 'field-error' : 'hint'} role={size > limit ? 'alert' : undefined}>
        {size > limit ? t('solve.tooLong', { size, limit }) : t('solve.draftKept')}
      </p>
      <div className="row">
        <Button type="submit" tone="primary" busy={submitting.isSending} disabled={isDone || isEmpty}>
          {t('solve.submitProgram')}
        </Button>
        <Button icon="play" busy={running.isRunning} disabled={isEmpty} onPress={run}>
          {t('try.run')}
        </Button>
      </div>
      {feedback}
      <TryInput problem={problem} input={input} onInput={setInput} running={running} />
    </form>
  )
}

function Upload({ onFile }: { readonly onFile: (file: File | undefined) => void }) {
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
          onFile(event.currentTarget.files?.[0])
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
