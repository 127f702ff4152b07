import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Submit } from '#contracts/submission'
import { api, pendingSubmits, sleep } from '../../lib/arena.ts'
import { submitSafely } from '../../lib/submit.ts'
import type { SolveTarget } from './target.ts'

/** Hands in and remembers what was handed in last; `retries` grows while the line fails us. */
export function useSubmit({ userId, problem, contestId }: SolveTarget) {
  const client = useQueryClient()
  const [retries, setRetries] = useState(0)
  const [sentId, setSentId] = useState<string>()
  const mutation = useMutation({
    mutationFn: (body: Submit) => submitSafely({ api, pending: pendingSubmits, sleep, random: Math.random }, { userId, body, onRetry: setRetries }),
    onSuccess: ({ id }) => setSentId(id),
    onSettled: () => {
      setRetries(0)
      void client.invalidateQueries({ queryKey: ['submissions'] })
    },
  })
  return {
    submit: (body: Submit) => mutation.mutate(body),
    isSending: mutation.isPending,
    error: mutation.error,
    retries,
    sentId,
    /** Handed in earlier without an answer, perhaps before a reload. */
    unanswered: mutation.isPending ? undefined : pendingSubmits.find(userId, problem.id, contestId),
  }
}

export type Submitting = ReturnType<typeof useSubmit>
export type AnswerFormProps = { readonly target: SolveTarget; readonly submitting: Submitting; readonly isDone: boolean }
