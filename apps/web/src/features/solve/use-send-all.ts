import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Submit } from '#contracts/submission'
import { outbox, sleep } from '../../lib/arena.ts'
import { handInClearly } from '../../lib/submit.ts'
import { type Sending, sendAnswers } from './send-answers.ts'

/** Sends a sheet's answers; `states` says of each question what became of it. A second press while it is at work does nothing. */
export function useSendAll(userId: string, onTaken: (body: Submit) => void) {
  const client = useQueryClient()
  const [states, setStates] = useState<ReadonlyMap<string, Sending>>(new Map())
  const [isSending, setSending] = useState(false)
  const isUnderWay = useRef(false)
  const latest = useRef(onTaken)
  latest.current = onTaken
  // also what goes out later, when the line is back
  useEffect(() => outbox.onSent(({ item }) => item.userId === userId && latest.current(item.body)), [userId])
  return {
    states,
    isSending,
    send(bodies: readonly Submit[]) {
      if (isUnderWay.current) return
      isUnderWay.current = true
      setSending(true)
      setStates(new Map())
      const submit = (body: Submit) => handInClearly(outbox, { userId, body, path: window.location.pathname })
      const onState = (problemId: string, sending: Sending) => setStates((before) => new Map(before).set(problemId, sending))
      void sendAnswers({ submit, sleep, onState }, bodies).finally(() => {
        isUnderWay.current = false
        setSending(false)
        void client.invalidateQueries({ queryKey: ['submissions'] })
      })
    },
  }
}
