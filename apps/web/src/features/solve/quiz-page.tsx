import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import type { Submission } from '#contracts/submission'
import { storage } from '../../lib/arena.ts'
import { ownSubmissionsQuery } from '../../lib/queries.ts'
import { isPending, problemState } from '../../lib/submission-state.ts'
import { useLiveState } from '../../lib/use-live.ts'
import { watch } from '../../lib/watched.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { withOption } from './answer-fields.tsx'
import { answerBody } from './answer-forms.ts'
import { QuizNav } from './quiz-nav.tsx'
import { QuizQuestion } from './quiz-question.tsx'
import { SendDialog } from './quiz-send.tsx'
import { isLocked, type Question, type QuizEntry, questionId } from './quiz-sheet.ts'
import { answerOf, optionOfKey, questionState, sentMark, sheetOf } from './quiz-state.ts'
import { type Answers, useAnswers } from './use-answers.ts'
import { useKeys } from './use-keys.ts'
import { useSendAll } from './use-send-all.ts'
import './solve.css'
import './quiz.css'

type Props = { readonly contestId: string; readonly userId: string; readonly entries: readonly QuizEntry[] }
type SheetProps = Props & { readonly submissions: readonly Submission[] }

/** All questions of a contest: one by one or as a list, kept as they are answered, sent together when one wants. */
export function QuizPage(props: Props) {
  const { t } = useTranslation()
  const isLive = useLiveState() === 'ready'
  // A verdict is told by the socket; should that have missed it, or be down, it is asked for.
  const own = useQuery({
    ...ownSubmissionsQuery({ contestId: props.contestId }),
    refetchInterval: ({ state }) => (state.data?.some(isPending) ? (isLive ? 5_000 : 2_000) : false),
  })
  usePageTitle(t('quiz.title'))
  if (props.entries.length === 0) return <Empty icon="flag">{t('contest.noProblems')}</Empty>
  return <Shown read={own}>{(submissions) => <Sheet {...props} submissions={submissions} />}</Shown>
}

function useQuestions({ contestId, userId, entries, submissions }: SheetProps) {
  const answers = useAnswers(
    { userId, contestId },
    entries.map(({ problemId }) => problemId),
  )
  const questions = entries.map((entry): Question => {
    const draft = answers.of(entry.problemId)
    const mine = submissions.filter(({ problemId }) => problemId === entry.problemId)
    const own = problemState(mine)
    const state = questionState({ problem: entry.problem, draft, own, maxAttempts: entry.maxAttempts })
    return { entry, draft, own, state, answer: answerOf(entry.problem, draft), last: mine[0] }
  })
  return { answers, questions }
}

/** Which question is at hand: the address says it, so that a reload keeps it. */
function useCurrent(entries: readonly QuizEntry[]) {
  const [path, navigate] = useLocation()
  const wanted = new URLSearchParams(useSearch()).get('q')
  const found = entries.findIndex(({ label }) => label === wanted)
  const go = (index: number) => navigate(`${path}?q=${encodeURIComponent(entries[index]?.label ?? '')}`, { replace: true })
  return { at: Math.max(0, found), go }
}

/** Verdicts that are told at their questions need no message in the corner. */
function useWatched(submissions: readonly Submission[]): void {
  const pending = submissions
    .filter(isPending)
    .map(({ id }) => id)
    .join(' ')
  useEffect(() => {
    const ends = pending.split(' ').filter(Boolean).map(watch)
    return () => {
      for (const end of ends) end()
    }
  }, [pending])
}

type Mode = 'one' | 'list'
const modeKey = 'arena.quiz-mode'

/** Remembered in this browser. */
function useMode() {
  const [mode, setMode] = useState<Mode>(() => (storage.get(modeKey) === 'list' ? 'list' : 'one'))
  const choose = (next: Mode) => {
    storage.set(modeKey, next)
    setMode(next)
  }
  return { mode, choose }
}

function Sheet(props: SheetProps) {
  const { t } = useTranslation()
  const { contestId, userId, entries } = props
  const { answers, questions } = useQuestions(props)
  const { mode, choose } = useMode()
  const { at, go } = useCurrent(entries)
  const [asks, setAsks] = useState(false)
  const sheet = sheetOf(questions.map(({ state, draft }) => ({ state, isFlagged: draft.isFlagged })))
  const sending = useSendAll(userId, (body) => {
    if ('answer' in body) answers.change(body.problemId, (before) => ({ ...before, sent: sentMark(body.answer) }))
  })
  useWatched(props.submissions)
  useSheetKeys({ questions, answers, at, go, isOff: mode !== 'one' || sending.isSending })
  const send = () => {
    setAsks(false)
    sending.send(sheet.ready.flatMap((index) => bodyOf(questions[index], contestId)))
  }
  return (
    <section className={`quiz quiz-${mode}`} aria-label={t('quiz.title')}>
      <div className="row row-between">
        <h2 className="quiz-heading">{t('quiz.title')}</h2>
        <ModeSwitch mode={mode} onChoose={choose} />
      </div>
      <QuizNav
        questions={questions}
        at={mode === 'one' ? at : undefined}
        onGo={(index) => (mode === 'one' ? go(index) : showQuestion(entries[index]?.label))}
      />
      {(mode === 'one' ? questions.slice(at, at + 1) : questions).map((question) => (
        <QuizQuestion
          key={question.entry.problemId}
          question={question}
          sending={sending.states.get(question.entry.problemId)}
          isSending={sending.isSending}
          onChange={(change) => answers.change(question.entry.problemId, change)}
        />
      ))}
      {mode === 'one' && <Steps at={at} of={entries.length} onGo={go} />}
      <div className="quiz-foot">
        <p className="small" role="status">
          <Icon name={answers.isKept ? 'check' : 'alert'} size={14} /> {answers.isKept ? t('quiz.kept') : t('room.draftNotKept')}
        </p>
        <Button tone="primary" busy={sending.isSending} disabled={sheet.ready.length === 0} onPress={() => setAsks(true)}>
          {t('quiz.send', { count: sheet.ready.length })}
        </Button>
      </div>
      {asks && <SendDialog questions={questions} sheet={sheet} onSend={send} onCancel={() => setAsks(false)} />}
    </section>
  )
}

const bodyOf = (question: Question | undefined, contestId: string) =>
  question?.answer ? [answerBody({ problemId: question.entry.problemId, contestId }, question.answer)] : []

function showQuestion(label: string | undefined): void {
  const section = document.getElementById(questionId(label ?? ''))
  section?.scrollIntoView({ block: 'start' })
  section?.querySelector<HTMLElement>('input')?.focus({ preventScroll: true })
}

type SheetKeys = {
  readonly questions: readonly Question[]
  readonly answers: Answers
  readonly at: number
  readonly go: (index: number) => void
  readonly isOff: boolean
}

/** 1 to 9 choose an option, the arrows go to the next question and back. */
function useSheetKeys({ questions, answers, at, go, isOff }: SheetKeys): void {
  useKeys((key, isInput) => {
    const current = questions[at]
    if (isOff || !current) return false
    const step = isInput ? 0 : key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
    if (step !== 0 && questions[at + step]) {
      go(at + step)
      return true
    }
    const option = isLocked(current) ? undefined : optionOfKey(current.entry.problem, key)
    if (option === undefined) return false
    answers.change(current.entry.problemId, withOption(current.entry.problem, option))
    return true
  })
}

function ModeSwitch({ mode, onChoose }: { readonly mode: Mode; readonly onChoose: (mode: Mode) => void }) {
  const { t } = useTranslation()
  return (
    <fieldset className="row quiz-modes">
      <legend className="sr-only">{t('quiz.view')}</legend>
      <button type="button" className="button button-small" aria-pressed={mode === 'one'} onClick={() => onChoose('one')}>
        {t('quiz.oneByOne')}
      </button>
      <button type="button" className="button button-small" aria-pressed={mode === 'list'} onClick={() => onChoose('list')}>
        {t('quiz.list')}
      </button>
    </fieldset>
  )
}

function Steps({ at, of, onGo }: { readonly at: number; readonly of: number; readonly onGo: (index: number) => void }) {
  const { t } = useTranslation()
  return (
    <div className="row row-between quiz-steps">
      <Button icon="left" disabled={at === 0} onPress={() => onGo(at - 1)}>
        {t('quiz.previous')}
      </Button>
      <span className="muted number">{t('quiz.position', { at: at + 1, of })}</span>
      <Button disabled={at + 1 >= of} onPress={() => onGo(at + 1)}>
        {t('quiz.next')}
      </Button>
    </div>
  )
}
