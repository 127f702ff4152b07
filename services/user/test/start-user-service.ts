import assert from 'node:assert/strict'
import type { Static, TSchema } from 'typebox'
import type { Role } from '#contracts/common'
import type { EventSpec } from '#contracts/route'
import type { Jwks } from '#contracts/user'
import { openAccessTokens } from '#kit/access-tokens'
import type { Clock } from '#ports/clock'
import { eventually } from '#testkit/eventually'
import { type FakeClock, fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService, unique } from '#testkit/service-harness'
import { userService } from '../src/service.ts'

export const password = 'four gorillas sleep'

/** The user service with tokens verified by its own published keys, as every other service does it. */
export async function startUserService(): Promise<UserHarness> {
  const clock = fakeClock()
  let harness: ServiceHarness | undefined
  const fetchKeys = async () => (await harness?.call('GET /.well-known/jwks.json'))?.body as Static<typeof Jwks>
  harness = await startService(userService, { clock: clock as Clock, tokens: openAccessTokens(fetchKeys, clock) })
  const { call, db } = harness
  return {
    ...harness,
    clock,
    /** A new account with a session of the command line's kind. */
    async member({ role = 'student', name = 'Aline Mutesi' }: { role?: Role; name?: string } = {}) {
      const username = unique('u')
      const made = await call('POST /api/register', { body: { username, password, name } })
      assert.equal(made.status, 201, made.text)
      if (role !== 'student') await db.query('update users set role = $2 where username = $1', [username, role])
      const session = await login(call, username)
      return { id: made.body.user.id as string, username, ...session }
    },
    login: (username: string) => login(call, username),
    /** Events go out after the commit. */
    told: <S extends TSchema>(event: EventSpec<S>, userId: string, count = 1) =>
      eventually(() => {
        const payloads = harness.told(event).filter((payload) => (payload as { userId: string }).userId === userId)
        assert.ok(payloads.length >= count, `${payloads.length} of ${count} events told`)
        return payloads
      }),
  }
}

async function login(call: ServiceHarness['call'], username: string) {
  const answer = await call('POST /api/login', { body: { username, password, client: 'cli' } })
  assert.equal(answer.status, 200, answer.text)
  return { token: answer.body.accessToken as string, refreshToken: answer.body.refreshToken as string }
}

type Member = { id: string; username: string; token: string; refreshToken: string }
export type UserHarness = Omit<ServiceHarness, 'clock' | 'told'> & {
  clock: FakeClock
  member(who?: { role?: Role; name?: string }): Promise<Member>
  login(username: string): Promise<{ token: string; refreshToken: string }>
  /** What was told of one user; waits until there are `count`. */
  told<S extends TSchema>(event: EventSpec<S>, userId: string, count?: number): Promise<Static<S>[]>
}

/** `Set-Cookie` lines by cookie name. */
export function cookiesOf(headers: Record<string, unknown>): Record<string, { value: string; line: string }> {
  const lines = [headers['set-cookie'] ?? []].flat() as string[]
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      return [name, { value, line }]
    }),
  )
}
