import { after, before } from 'node:test'
import type { Peers } from '#kit/peers'
import { type FakeClock, fakeClock } from '#testkit/fake-clock'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { contestService } from '../src/service.ts'

/** The service on a clock that stands at 2026-03-01T08:00Z, with the usual people. */
export type Arena = ServiceHarness & { readonly time: FakeClock; readonly people: People }
type Person = { readonly token: string; readonly userId: string }
type People = Record<'teacher' | 'other' | 'admin' | 'student' | 'pupil', Person>

export const start = '2026-03-01T08:00:00.000Z'
export const hour = 3_600_000
export const at = (hours: number) => new Date(Date.parse(start) + hours * hour).toISOString()

/** One service for the tests of a file: `arena()` inside a test. */
export function withArena(peers?: () => Promise<Peers>): () => Arena {
  let arena: Arena | undefined
  before(async () => {
    const time = fakeClock(start)
    const harness = await startService(contestService, { clock: time, ...(peers ? { peers: await peers() } : {}) })
    const person = (role: 'student' | 'teacher' | 'admin') => harness.tokenFor({ role })
    const people = {
      teacher: await person('teacher'),
      other: await person('teacher'),
      admin: await person('admin'),
      student: await person('student'),
      pupil: await person('student'),
    }
    arena = { ...harness, time, people }
  })
  after(() => arena?.stop())
  return () => {
    if (!arena) throw new Error('the arena has not started')
    return arena
  }
}

export const choice = {
  kind: 'choice',
  title: 'Falling',
  subject: 'physics',
  statement: 'Which way does $g$ point?',
  options: [
    { id: 'up', text: 'Up' },
    { id: 'down', text: 'Down' },
  ],
  correct: ['down'],
} as const
export const numeric = {
  kind: 'numeric',
  title: 'Gravity',
  subject: 'physics',
  statement: 'How large is $g$?',
  answer: '9.81',
  tolerance: { absolute: '0.05' },
  unit: 'm/s^2',
} as const
export const program = {
  kind: 'program',
  title: 'A plus B',
  subject: 'computer-science',
  statement: 'Add.',
  limits: { cpuMs: 1000, memoryBytes: 256 * 1024 ** 2 },
  samples: [{ input: '1 2\n', output: '3\n', note: 'since $1+2=3$' }],
  tests: [{ input: '5 7\n', output: '12\n', name: 'secret twelve' }],
} as const
export const windowContest = { title: 'Friday', subject: 'mixed', format: 'icpc', startsAt: at(1), endsAt: at(3), problems: [] } as const

export async function makeProblem(arena: Arena, body: object, token = arena.people.teacher.token): Promise<string> {
  const made = await arena.call('POST /api/problems', { body }, { token })
  if (made.status !== 201) throw new Error(made.text)
  return made.body.problem.id
}
export async function makeContest(arena: Arena, body: object, token = arena.people.teacher.token): Promise<string> {
  const made = await arena.call('POST /api/contests', { body: { ...windowContest, ...body } }, { token })
  if (made.status !== 201) throw new Error(made.text)
  return made.body.contest.id
}
