import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '#contracts/contest'
import { storage } from '../../lib/arena.ts'
import { languagesQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { lazyPart } from '../../ui/lazy-page.ts'
import { Loading, Shown } from '../../ui/states.tsx'
import { allowedLanguages, defaultSourceLimit, languageOfFile, programBody, runBody, sourceBytes, startLanguage } from './answer-forms.ts'
import { CodeEditor, type GoTo } from './code-editor.tsx'
import { EditorBar } from './editor-bar.tsx'
import { keepSettings, readSettings } from './editor-settings.ts'
import { PlacesContext } from './places.ts'
import { templateOf } from './templates.ts'
import { TryInput } from './try-input.tsx'
import { useDraft } from './use-draft.ts'
import { useRun } from './use-run.ts'
import { useSampleRuns } from './use-sample-runs.ts'
import type { AnswerFormProps } from './use-submit.ts'

const SampleRuns = lazyPart(() => import('./sample-runs.tsx'), 'SampleRuns')

const lastLanguageKey = 'arena.code-language'

type ProgramFormProps = AnswerFormProps & {
  readonly feedback: ReactNode
  /** To be tried; shared with the statement, whose samples can be put in. */
  readonly input: string
  readonly onInput: (input: string) => void
}

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

type EditorProps = ProgramFormProps & { readonly languages: readonly Language[] }

/** The program being written: its language, draft and settings, and what an uploaded file does to them. */
function useProgram({ target: { problem, userId, contestId }, languages }: EditorProps) {
  const { t } = useTranslation()
  const [language, setLanguage] = useState(() => startLanguage(languages, storage.get(lastLanguageKey)))
  const beginning = templateOf(language, { readHere: t('room.template.read'), writeHere: t('room.template.write') })
  const draft = useDraft({ userId, contestId, problemId: problem.id, language }, beginning)
  const [settings, setSettings] = useState(() => readSettings(storage))
  const uploaded = useRef<{ language: string; text: string } | undefined>(undefined)
  // A file of another language is put in once that language's draft is at hand.
  useEffect(() => {
    const file = uploaded.current
    if (file?.language !== language) return
    uploaded.current = undefined
    draft.load(file.text)
  }, [language])
  const pick = (id: string) => {
    storage.set(lastLanguageKey, id)
    setLanguage(id)
  }
  return {
    ...draft,
    language,
    beginning,
    pick,
    async upload(file: File) {
      const text = await file.text()
      const fits = languageOfFile(file.name, languages, language)
      if (fits === language) return draft.load(text)
      uploaded.current = { language: fits, text }
      pick(fits)
    },
    settings,
    setSettings(next: typeof settings) {
      keepSettings(storage, next)
      setSettings(next)
    },
  }
}

function Editor(props: EditorProps) {
  const { target, submitting, isDone, languages, feedback, input, onInput } = props
  const { t } = useTranslation()
  const { problem, contestId } = target
  const program = useProgram(props)
  const { source, language } = program
  const goTo = useRef<GoTo | null>(null)
  const limit = problem.limits?.sourceBytes ?? defaultSourceLimit
  const size = sourceBytes(source)
  const isEmpty = source.trim() === '' || size > limit || language === ''
  const isUntouched = program.beginning !== '' && source === program.beginning
  const running = useRun()
  const samples = useSampleRuns(problem.samples ?? [])
  const isBusy = running.isRunning || samples.isRunning
  const body = (text: string) => runBody({ problemId: problem.id, contestId }, { language, source, input: text })
  const run = () => {
    if (!isEmpty && !isBusy) running.start(body(input))
  }
  const mayHandIn = !isDone && !isEmpty && !isUntouched && !submitting.isSending
  const submit = () => {
    if (mayHandIn) submitting.submit(programBody({ problemId: problem.id, contestId }, language, source))
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit()
  }
  // before the editor, which would add a line
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.shiftKey) submit()
    else run()
  }
  /** Of an output handed in as text, nothing is run. */
  const isRunnable = language !== 'text'
  return (
    <PlacesContext.Provider value={{ lines: source.split('\n').length, goTo: (line, column) => goTo.current?.(line, column) }}>
      <form onSubmit={onSubmit} onKeyDownCapture={onKey}>
        <EditorBar
          languages={languages}
          language={language}
          onLanguage={program.pick}
          onFile={(file) => void program.upload(file)}
          onReset={isUntouched || program.beginning === '' ? undefined : () => program.load(program.beginning)}
          settings={program.settings}
          onSettings={program.setSettings}
        />
        <CodeEditor
          value={source}
          epoch={program.epoch}
          language={language}
          label={t('solve.source')}
          settings={program.settings}
          goTo={goTo}
          onChange={program.type}
        />
        <EditorNote size={size} limit={limit} isUntouched={isUntouched} isKept={program.isKept} />
        <div className="row solve-actions">
          <Button type="submit" tone="primary" busy={submitting.isSending} disabled={!mayHandIn && !submitting.isSending}>
            {t('solve.submitProgram')}
          </Button>
          {isRunnable && (
            <Button icon="play" busy={running.isRunning} disabled={isEmpty || isBusy} onPress={run}>
              {t('try.run')}
            </Button>
          )}
          {isRunnable && (problem.samples?.length ?? 0) > 0 && (
            <Button icon="play" busy={samples.isRunning} disabled={isEmpty || isBusy} onPress={() => samples.start(body)}>
              {t('room.samples.run')}
            </Button>
          )}
        </div>
        {feedback}
        {samples.results && (
          <Suspense fallback={<Loading lines={2} />}>
            <SampleRuns samples={problem.samples ?? []} results={samples.results} isRunning={samples.isRunning} />
          </Suspense>
        )}
        {isRunnable && <TryInput problem={problem} input={input} onInput={onInput} running={running} />}
      </form>
    </PlacesContext.Provider>
  )
}

type EditorNoteProps = { readonly size: number; readonly limit: number; readonly isUntouched: boolean; readonly isKept: boolean }

function EditorNote({ size, limit, isUntouched, isKept }: EditorNoteProps) {
  const { t } = useTranslation()
  const problem = size > limit ? t('solve.tooLong', { size, limit }) : isKept ? undefined : t('room.draftNotKept')
  if (problem !== undefined) {
    return (
      <p className="field-error" role="alert">
        {problem}
      </p>
    )
  }
  return <p className="hint">{isUntouched ? t('room.editor.untouched') : t('solve.draftKept')}</p>
}
