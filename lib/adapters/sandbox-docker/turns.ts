/** So many at once, the others in the order in which they came. */
export type Turns = {
  /** @returns how to leave. @throws the signal's reason when aborted while waiting. */
  enter(signal?: AbortSignal): Promise<() => void>
}

export function openTurns(most: number): Turns {
  let inside = 0
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next === undefined) inside -= 1
    else next()
  }
  return {
    async enter(signal) {
      signal?.throwIfAborted()
      if (inside < most) {
        inside += 1
        return leave
      }
      return await new Promise((resolve, reject) => {
        const come = () => {
          signal?.removeEventListener('abort', giveUp)
          resolve(leave)
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(come), 1)
          reject(signal?.reason as Error)
        }
        waiting.push(come)
        signal?.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}
