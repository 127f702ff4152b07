/** Which submissions a worker has said to be at work on, for the status `running`. Losable: a restart forgets, and `queued` is shown until the verdict. */
export function openRunningNow(atMost = 5_000) {
  const running = new Set<string>()
  return {
    has: (submissionId: string) => running.has(submissionId),
    hear(submissionId: string) {
      running.delete(submissionId)
      running.add(submissionId)
      if (running.size > atMost) running.delete(running.values().next().value as string)
    },
    forget: (submissionId: string) => void running.delete(submissionId),
  }
}
