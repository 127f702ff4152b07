import { useState } from 'react'
import { drafts } from '../../lib/arena.ts'
import { type AnswerDraft, decodeAnswer, emptyAnswer, encodeAnswer } from './quiz-state.ts'

type Whose = { readonly userId: string; readonly contestId?: string | undefined }

/** Practice has a name of its own: what was sent there was not sent in a contest. */
const nameOf = ({ userId, contestId }: Whose, problemId: string) => ({
  userId,
  contestId,
  problemId,
  language: contestId === undefined ? 'practised-answer' : 'answer',
})

/** Answers to questions as they are being given, each kept in this browser with every change. */
export function useAnswers(whose: Whose, problemIds: readonly string[]) {
  const [answers, setAnswers] = useState<ReadonlyMap<string, AnswerDraft>>(
    () => new Map(problemIds.map((problemId) => [problemId, decodeAnswer(drafts.read(nameOf(whose, problemId)))])),
  )
  const [isKept, setKept] = useState(true)
  return {
    of: (problemId: string): AnswerDraft => answers.get(problemId) ?? emptyAnswer,
    /** Of the draft as it is when the change is made, not as it was drawn. */
    change(problemId: string, change: (before: AnswerDraft) => AnswerDraft) {
      setAnswers((before) => {
        const next = change(before.get(problemId) ?? emptyAnswer)
        setKept(drafts.write(nameOf(whose, problemId), encodeAnswer(next)))
        return new Map(before).set(problemId, next)
      })
    },
    /** False: the browser has no room; answers live as long as the page. */
    isKept,
  }
}
export type Answers = ReturnType<typeof useAnswers>
