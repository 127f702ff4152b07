import type { FastifyInstance } from 'fastify'
import { type Instant, instant, toIso } from '#kernel/time'
import { type Demo, type DemoContest, loadDemo } from '../../../demo/load.ts'
import type { Login } from './first-start.ts'

/**
 * Loads the demonstration through the public API, as its teacher: what it makes is what anybody could make. Problems and contests that are there already
 * (by title) are left alone, so it may run again after a kill. Where the teacher's password was changed or lost, it does nothing.
 */
type Seeding = {
  readonly user: FastifyInstance
  readonly contest: FastifyInstance
  readonly teacher: Login
  readonly now: Instant
  readonly say: (line: string) => void
}

const icpcMinutes = 180
type Named = { id: string; title: string }

export async function seedDemo({ user, contest, teacher, now, say }: Seeding): Promise<void> {
  const entered = await user.inject({ method: 'POST', url: '/api/login', payload: { username: teacher.login, password: teacher.password } })
  if (entered.statusCode !== 200) return
  const api = caller(contest, (entered.json() as { accessToken: string }).accessToken)
  const demo = await loadDemo()
  const contests = (await api<{ contests: Named[] }>('GET', '/api/contests?mine=true&limit=200')).contests
  const missing = demo.contests.filter((each) => !contests.some((one) => one.title === each.title))
  if (missing.length === 0) return
  say('Loading the demonstration …')
  const ids = await seedProblems(demo, api)
  for (const each of missing) await api('POST', '/api/contests', contestBody(each, ids, now))
}

async function seedProblems(demo: Demo, api: Api): Promise<Map<string, string>> {
  const known = (await api<{ problems: Named[] }>('GET', '/api/problems?mine=true&limit=500')).problems
  const ids = new Map<string, string>()
  for (const { key, body } of demo.problems) {
    const there = known.find((each) => each.title === body.title)
    const id = there?.id ?? (await api<{ problem: Named }>('POST', '/api/problems', body)).problem.id
    ids.set(key, id)
  }
  return ids
}

/** The contest with a window begins now and lasts three hours; the others have no time. */
function contestBody({ key: _key, problems, ...contest }: DemoContest, ids: ReadonlyMap<string, string>, now: Instant) {
  const times = contest.timing === 'window' ? { startsAt: toIso(now), endsAt: toIso(instant(now + icpcMinutes * 60_000)) } : {}
  return { ...contest, ...times, problems: problems.map(({ problemKey, ...rest }) => ({ problemId: ids.get(problemKey), ...rest })) }
}

type Api = <T>(method: 'GET' | 'POST', url: string, body?: object) => Promise<T>
const caller =
  (app: FastifyInstance, token: string): Api =>
  async (method, url, body) => {
    const answer = await app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(body ? { payload: body } : {}) })
    if (answer.statusCode >= 300) throw new Error(`loading the demonstration: ${method} ${url} answered ${answer.statusCode} ${answer.body.slice(0, 500)}`)
    return answer.json()
  }
