import { appendFile, chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#adapters/clock-system'
import type { Config } from '#kit/config'
import type { RunningService } from '#kit/run-service'
import { createUser, ensureFirstAdmin, randomPassword } from '#services/user/src/operations'
import type { Hosting } from './hosting.ts'
import { seedDemo } from './seed-demo.ts'

export type Login = { readonly who: string; readonly login: string; readonly password: string }

/** Where first passwords are kept (0600): a terminal may have scrolled away, or there was none. */
export const loginsFile = (config: Config) => join(config.dataDir, 'first-logins.txt')

/**
 * Makes what an empty arena needs: the first admin, and the demonstration where it is wanted. Each step is idempotent, so that a start that was killed
 * half-way is finished by the next one; killed in the moment between making an account and writing its password down, `reset-password` mends it.
 * @returns the logins made just now.
 */
export async function firstStart(config: Config, hosting: Hosting, say: (line: string) => void): Promise<Login[]> {
  const user = hosting.get('user')
  if (!user) return []
  const made: Login[] = []
  const password = config.adminPassword?.reveal() ?? randomPassword()
  const { created } = await ensureFirstAdmin(user.deps, { ...(config.adminEmail ? { email: config.adminEmail } : { username: 'admin' }), password })
  if (created) made.push({ who: 'admin', login: config.adminEmail ?? 'admin', password: config.adminPassword ? '(the one of ARENA_ADMIN_PASSWORD)' : password })
  if (created) await keep(config, made)
  if (config.demo) made.push(...(await demo(config, hosting, user, say)))
  return made
}

async function demo(config: Config, hosting: Hosting, user: RunningService, say: (line: string) => void): Promise<Login[]> {
  const teacher = await demoUser(config, user, { username: 'demo-teacher', name: 'Demo Teacher', role: 'teacher' })
  const student = await demoUser(config, user, { username: 'demo-student', name: 'Demo Student', role: 'student' })
  const contest = hosting.get('contest')
  if (contest) await seedDemo({ user: user.app, contest: contest.app, teacher: teacher.login, now: systemClock.now(), say })
  return [teacher, student].filter((each) => each.isNew).map((each) => each.login)
}

type DemoUser = { readonly username: string; readonly name: string; readonly role: 'teacher' | 'student' }
async function demoUser(config: Config, user: RunningService, draft: DemoUser): Promise<{ login: Login; isNew: boolean }> {
  const login = { who: draft.role, login: draft.username, password: randomPassword() }
  const created = await createUser(user.deps, { ...draft, password: login.password, school: 'Competa Arena' })
  if (!created.ok) return { login: (await keptLogin(config, draft.username)) ?? login, isNew: false }
  await keep(config, [login])
  return { login, isNew: true }
}

async function keep(config: Config, logins: readonly Login[]) {
  const file = loginsFile(config)
  await appendFile(file, logins.map((each) => `${each.who}\t${each.login}\t${each.password}\n`).join(''), { mode: 0o600 })
  await chmod(file, 0o600)
}
async function keptLogin(config: Config, name: string): Promise<Login | undefined> {
  const text = await readFile(loginsFile(config), 'utf8').catch(() => '')
  const [who, login, password] =
    text
      .split('\n')
      .map((line) => line.split('\t'))
      .findLast((parts) => parts[1] === name) ?? []
  return who && login && password ? { who, login, password } : undefined
}
