/**
 * Answers of a sheet sent one after the other. Each is a submission of its own with its own key, so what fails is told for its question, the rest goes on,
 * and sending again repeats nothing that was taken. Pure but for what it is handed.
 */
import type { Submit } from '#contracts/submission'
import { ApiError } from '../../lib/api-client.ts'

export type Sending =
  | { readonly state: 'waiting' | 'sending' }
  | { readonly state: 'taken'; readonly id: string }
  /** Refused, or the line failed; `isOpen`: it may have been taken, and sending it again is safe. */
  | { readonly state: 'failed'; readonly error: unknown; readonly isOpen: boolean }

export type SendDeps = {
  readonly submit: (body: Submit) => Promise<{ readonly id: string }>
  readonly sleep: (ms: number) => Promise<void>
  readonly onState: (problemId: string, sending: Sending) => void
}

const busyTries = 20
const busyPauseMs = 1_500

/** At most so many of a pupil wait for the judge at once; answers are judged in a moment, so there is soon room. */
async function submitWhenRoom({ submit, sleep }: SendDeps, body: Submit): Promise<{ readonly id: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await submit(body)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'TOO_MANY_PENDING') || attempt >= busyTries) throw error
      await sleep(busyPauseMs)
    }
  }
}

/** What ends it for all: nobody is logged in, or the line is down. The rest would only meet the same, each after its own half minute. */
const isHopeless = (error: unknown) => error instanceof ApiError && (error.status === 401 || error.isAmbiguous)

export async function sendAnswers(deps: SendDeps, bodies: readonly Submit[]): Promise<void> {
  for (const { problemId } of bodies) deps.onState(problemId, { state: 'waiting' })
  for (const [at, body] of bodies.entries()) {
    deps.onState(body.problemId, { state: 'sending' })
    try {
      const { id } = await submitWhenRoom(deps, body)
      deps.onState(body.problemId, { state: 'taken', id })
    } catch (error) {
      const isOpen = error instanceof ApiError && error.isAmbiguous
      deps.onState(body.problemId, { state: 'failed', error, isOpen })
      if (!isHopeless(error)) continue
      for (const { problemId } of bodies.slice(at + 1)) deps.onState(problemId, { state: 'failed', error, isOpen: false })
      return
    }
  }
}
