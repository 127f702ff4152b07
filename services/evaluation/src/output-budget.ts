/**
 * Bounds what outputs held in memory come to over all judgings of a worker. Usual outputs are small and pass; large ones (a hundred megabytes is allowed) take
 * their turns, first come first served. One alone may be as large as it likes: a limit that no test fits under would be a judging that never ends.
 */
export type OutputBudget = {
  /** Waits until `bytes` more may be held. Below `freeBytes` there is no waiting. @returns the release, idempotent. @throws the signal's reason. */
  take(bytes: number, signal: AbortSignal): Promise<() => void>
}

type Waiting = { readonly share: number; readonly start: () => void }

export function openOutputBudget(totalBytes: number, freeBytes: number): OutputBudget {
  const waiting: Waiting[] = []
  let left = totalBytes
  const next = () => {
    for (let first = waiting[0]; first !== undefined && first.share <= left; first = waiting[0]) {
      waiting.shift()
      left -= first.share
      first.start()
    }
  }
  return {
    async take(bytes, signal) {
      signal.throwIfAborted()
      if (bytes <= freeBytes) return () => undefined
      const share = Math.min(bytes, totalBytes)
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiting.splice(waiting.indexOf(place), 1)
          reject(signal.reason as Error)
          next()
        }
        const place: Waiting = {
          share,
          start: () => {
            signal.removeEventListener('abort', leave)
            resolve()
          },
        }
        waiting.push(place)
        signal.addEventListener('abort', leave, { once: true })
        next()
      })
      let held = true
      return () => {
        if (!held) return
        held = false
        left += share
        next()
      }
    },
  }
}
