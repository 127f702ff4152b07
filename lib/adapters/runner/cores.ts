import { readFileSync } from 'node:fs'

/**
 * The cores that programs may run on, handed out one a run: two runs on one core would disturb each other's caches and clocks, and a program of
 * many threads must not earn more than one core's worth of CPU in the same wall time. Compilations count as runs, and are not bound to the core
 * they hold: their time is nobody's verdict.
 */
export type Cores = {
  /** Waits its turn, first come first served. @throws the signal's reason when aborted meanwhile. */
  take(signal?: AbortSignal): Promise<Core>
  readonly count: number
}
export type Core = { readonly number: number /** Idempotent. */; release(): void }

/** `0-2,5` → 0, 1, 2, 5. */
export function parseCpuList(list: string): readonly number[] {
  return list
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
}

/** The cores this process may use, which a container or `taskset` may have narrowed. */
export const allowedCores = (status: string = readFileSync('/proc/self/status', 'utf8')): readonly number[] =>
  parseCpuList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0')

export function openCores(numbers: readonly number[] = allowedCores()): Cores {
  const free = [...numbers]
  const waiting: ((number: number) => void)[] = []
  const lease = (number: number): Core => {
    let held = true
    return {
      number,
      release() {
        if (!held) return
        held = false
        const next = waiting.shift()
        if (next === undefined)
          free.unshift(number) // the one used last is the warmest
        else next(number)
      },
    }
  }
  return {
    count: numbers.length,
    async take(signal) {
      signal?.throwIfAborted()
      const number = free.shift()
      if (number !== undefined) return lease(number)
      return await new Promise<Core>((resolve, reject) => {
        const get = (given: number) => {
          signal?.removeEventListener('abort', leave)
          resolve(lease(given))
        }
        const leave = () => {
          waiting.splice(waiting.indexOf(get), 1)
          reject(signal?.reason as Error)
        }
        waiting.push(get)
        signal?.addEventListener('abort', leave, { once: true })
      })
    },
  }
}
