import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Submit } from '#contracts/submission'
import { outbox } from '../../lib/arena.ts'
import { errorOfRefusal } from '../../lib/outbox.ts'
import { useStore } from '../../lib/use-store.ts'
import type { SolveTarget } from './target.ts'

/** Hands in through the outbox and remembers what was handed in last; `unanswered` is what has no clear answer yet, perhaps since before a reload. */
export function useSubmit({ userId, problem, contestId }: SolveTarget) {
  const client = useQueryClient()
  const [sentId, setSentId] = useState<string>()
  const own = useStore(outbox.items).filter(
    (item) => item.userId === userId && item.body.problemId === problem.id && (item.body.contestId ?? undefined) === contestId,
  )
  const mutation = useMutation({
    mutationFn: (body: Submit) => outbox.handIn({ userId, body, title: problem.title, path: window.location.pathname }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['submissions'] }),
  })
  // also what goes out later, when the line is back
  useEffect(
    () =>
      outbox.onSent(({ item, id }) => {
        if (item.userId !== userId || item.body.problemId !== problem.id || item.body.contestId !== contestId) return
        setSentId(id)
        void client.invalidateQueries({ queryKey: ['submissions'] })
      }),
    [client, userId, problem.id, contestId],
  )
  const refused = own.find((item) => item.refused !== undefined)
  return {
    submit: (body: Submit) => mutation.mutate(body),
    isSending: mutation.isPending,
    error: mutation.error ?? (refused?.refused ? errorOfRefusal(refused.refused) : null),
    sentId,
    /** Handed in and not answered yet; goes out by itself. */
    unanswered: mutation.isPending ? undefined : own.find((item) => item.refused === undefined),
    /** Refused while nobody looked; its text is kept until it is dismissed. */
    refused,
  }
}

export type Submitting = ReturnType<typeof useSubmit>
export type AnswerFormProps = { readonly target: SolveTarget; readonly submitting: Submitting; readonly isDone: boolean }
