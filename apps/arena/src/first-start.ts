import { appendFile, chmod, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '#adapters/clock-system'
import type { Config } from '#kit/config'
import type { Log } from '#kit/log'
import type { RunningService } from '#kit/run-service'
import { claimFirstStep, createUser, ensureFirstAdmin, finishFirstStep, randomPassword, tokenOf } from '#services/user/src/operations'
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
  const made = await firstAdmin(config, user)
  // alone here: a claim that stands is of a run that was killed
  if (config.demo && (await claimFirstStep(user.deps, demoStep, true)) === 'mine') made.push(...(await demo(config, user, say)))
  return made
}

const stepPauseMs = 5_000
const demoStep = 'demonstration'

/**
 * The same over many processes: the replicas of the user service do it, the demonstration one at a time under a lease, beside their work, and again until
 * it is done, since the contest service may not be there yet. Elsewhere nothing.
 */
export function firstStartOfMany(config: Config, hosting: Hosting, log: Log): { stop(): Promise<void> } {
  const user = hosting.get('user')
  if (!user) return { stop: async () => undefined }
  const stopping = new AbortController()
  const work = async () => {
    const made = await firstAdmin(config, user)
    if (made.length > 0) log.info({ file: resolve(loginsFile(config)) }, 'the first admin was made; the login is in the file, readable by this user alone')
    if (!config.demo) return
    if (!config.peerUrls.contest && !hosting.get('contest')) return log.info({}, 'no demonstration: ARENA_PEER_CONTEST_URL is not set here')
    for (let holdsIt = await oneDemo(false); ; holdsIt = await oneDemo(holdsIt)) {
      if (holdsIt === undefined || stopping.signal.aborted) return
      await pause(stepPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  /** @returns undefined when it is done, else whether this process has the claim on it. */
  const oneDemo = async (holdsIt: boolean): Promise<boolean | undefined> => {
    const claim = await claimFirstStep(user.deps, demoStep, holdsIt)
    if (claim !== 'mine') return claim === 'done' ? undefined : false
    try {
      const made = await demo(config, user, (line) => log.info({}, line))
      if (made.length > 0) log.info({ file: resolve(loginsFile(config)) }, 'the demonstration is there; its logins are in the file')
      return undefined
    } catch (cause) {
      log.warn({ err: cause }, 'the demonstration could not be loaded yet; it is tried again')
      return true
    }
  }
  const done = work().catch((cause: unknown) => log.error({ err: cause }, 'the first start failed'))
  return {
    async stop() {
      stopping.abort()
      await done
    },
  }
}

async function firstAdmin(config: Config, user: RunningService): Promise<Login[]> {
  const made: Login[] = []
  const password = config.adminPassword?.reveal() ?? randomPassword()
  const { created } = await ensureFirstAdmin(user.deps, { ...(config.adminEmail ? { email: config.adminEmail } : { username: 'admin' }), password })
  if (created) made.push({ who: 'admin', login: config.adminEmail ?? 'admin', password: config.adminPassword ? '(the one of ARENA_ADMIN_PASSWORD)' : password })
  if (created) await keep(config, made)
  return made
}

async function demo(config: Config, user: RunningService, say: (line: string) => void): Promise<Login[]> {
  const teacher = await demoUser(config, user, { username: 'demo-teacher', name: 'Demo Teacher', role: 'teacher' })
  const student = await demoUser(config, user, { username: 'demo-student', name: 'Demo Student', role: 'student' })
  const token = await tokenOf(user.deps, teacher.login.login)
  if (token !== undefined) await seedDemo({ peers: user.deps.peers, token, now: systemClock.now(), say })
  await finishFirstStep(user.deps, demoStep)
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
