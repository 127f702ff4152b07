/** Who was logged in here last, so that their pages open without a line. Gone when they log out. No proof of anything: the server asks for a token. */
import type { User } from '#contracts/user'
import type { KeyValue } from './storage.ts'

const key = 'arena.person'

/** Without the address, which no page needs before the line is back. */
export function keepPerson(storage: KeyValue, { email: _address, ...user }: User): void {
  storage.set(key, JSON.stringify(user))
}
export const forgetPerson = (storage: KeyValue): void => storage.remove(key)

export function keptPerson(storage: KeyValue): User | undefined {
  try {
    return JSON.parse(storage.get(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
