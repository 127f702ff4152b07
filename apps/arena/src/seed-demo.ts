import type { AllRoutes } from '#contracts/all'
import type { NewContest, NewProblem } from '#contracts/contest'
import type { RouteInput, RouteOutput } from '#contracts/route'
import { type Instant, instant, toIso } from '#kernel/time'
import type { Peers } from '#kit/peers'
import { type Demo, type DemoContest, loadDemo } from '../../../demo/load.ts'

/**
 * Loads the demonstration through the public API, as its teacher: what it makes is what anybody could make. Problems and contests that are there already
 * (by title) are left alone, so it may run again after a kill. @throws when the contest service does not answer, or refuses something.
 */
type Seeding = {
  readonly peers: Peers
  /** The teacher's access token. */
  readonly token: string
  readonly now: Instant
  readonly say: (line: string) => void
}
type Key = 'GET /api/contests' | 'POST /api/contests' | 'GET /api/problems' | 'POST /api/problems'
type Ask = <K extends Key>(key: K, input: RouteInput<AllRoutes[K]>) => Promise<RouteOutput<AllRoutes[K]>>

const icpcMinutes = 180

export async function seedDemo({ peers, token, now, say }: Seeding): Promise<void> {
  const ask: Ask = async (key, input) => {
    const answer = await peers.call(key, input, { token, deadlineMs: 30_000 })
    if (!answer.ok) throw new Error(`loading the demonstration: ${key} answered ${JSON.stringify(answer.error)}`)
    return answer.value
  }
  const demo = await loadDemo()
  const { contests } = await ask('GET /api/contests', { query: { mine: true, limit: 200 } })
  const missing = demo.contests.filter((each) => !contests.some((one) => one.title === each.title))
  if (missing.length === 0) return
  say('Loading the demonstration …')
  const ids = await seedProblems(demo, ask)
  for (const each of missing) await ask('POST /api/contests', { body: contestBody(each, ids, now) })
}

async function seedProblems(demo: Demo, ask: Ask): Promise<Map<string, string>> {
  const known = (await ask('GET /api/problems', { query: { mine: true, limit: 500 } })).problems
  const ids = new Map<string, string>()
  for (const { key, body } of demo.problems) {
    const there = known.find((each) => each.title === body.title)
    ids.set(key, there?.id ?? (await ask('POST /api/problems', { body: body as NewProblem })).problem.id)
  }
  return ids
}

/** The contest with a window begins now and lasts three hours; the others have no time. */
function contestBody({ key: _key, problems, ...contest }: DemoContest, ids: ReadonlyMap<string, string>, now: Instant): NewContest {
  const times = contest.timing === 'window' ? { startsAt: toIso(now), endsAt: toIso(instant(now + icpcMinutes * 60_000)) } : {}
  return { ...contest, ...times, problems: problems.map(({ problemKey, ...rest }) => ({ problemId: ids.get(problemKey), ...rest })) } as NewContest
}
