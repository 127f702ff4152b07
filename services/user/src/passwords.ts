import { hash, verify } from '@node-rs/argon2'
import { fail, ok, type Result } from '#kernel/result'
import { foldPassword } from './domain/password-rule.ts'

/**
 * Argon2id with the library's defaults (19 MiB, two passes: OWASP's first choice, about 12 ms), at most two at work: they run on the four threads that
 * files and DNS use too, and a class that logs in at the bell must not stop everything else. Who would wait behind more than `maxWaiting` is asked to
 * come again.
 */
export type Passwords = {
  hash(password: string): Promise<Result<string, 'BUSY'>>
  /** Without a stored hash (no such account) a dummy is verified all the same, so that the time of the answer does not tell who has an account. */
  verify(stored: string | undefined, password: string): Promise<Result<boolean, 'BUSY'>>
}

const atOnce = 2
const maxWaiting = 500

export async function openPasswords(limits: { atOnce?: number; maxWaiting?: number } = {}): Promise<Passwords> {
  const gate = openGate(limits.atOnce ?? atOnce, limits.maxWaiting ?? maxWaiting)
  const dummy = await hash('nobody has this password')
  return {
    hash: (password) => gate(() => hash(foldPassword(password))),
    verify: (stored, password) => gate(async () => (await verify(stored ?? dummy, foldPassword(password))) && stored !== undefined),
  }
}

function openGate(places: number, seats: number) {
  let free = places
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<Result<T, 'BUSY'>> => {
    if (free > 0) free--
    else if (waiting.length >= seats) return fail('BUSY')
    else await new Promise<void>((resolve) => waiting.push(resolve)) // whoever leaves hands the place over
    try {
      return ok(await work()) as Result<T, 'BUSY'>
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

export const busy = { code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 5 } } as const
