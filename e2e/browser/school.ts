/** An arena in the middle of a lesson: a contest that runs, verdicts of every kind, a board, messages, a letter that failed; and every page there is to see of it. */
import type { RunningArena } from '#testkit/arena'
import type { ArenaClient } from '#testkit/arena-client'
import { aPlusB, gravity, minutesFromNow, whichPlanet } from '../problems.ts'

type Person = 'nobody' | 'pupil' | 'teacher' | 'admin'
export type School = Awaited<ReturnType<typeof openSchool>>

const classmates = ['Aline Uwase', 'Bosco Ndayisaba', 'Claude Keza', 'Diane Uwera', 'Eric Mugisha', 'Fiona Ingabire', 'Grace Mukamana', 'Jean de Dieu Habimana']

export async function openSchool(arena: RunningArena) {
  const teacher = await arena.as('teacher', 'Teacher Keza')
  const programId = await teacher.createProblem({ ...aPlusB, public: true })
  const problemIds = [await teacher.createProblem({ ...whichPlanet, public: true, tags: ['sample'] }), await teacher.createProblem(gravity), programId]
  const problems = problemIds.map((problemId) => ({ problemId, maxAttempts: 20 }))
  const contest = await teacher.createContest({
    title: 'Friday Cup of Huye',
    subject: 'mixed',
    format: 'icpc',
    timing: 'window',
    startsAt: minutesFromNow(-30),
    endsAt: minutesFromNow(150),
    problems,
  })
  const quiz = await teacher.createContest({
    title: 'Physics at breakfast',
    subject: 'physics',
    problems: problemIds.slice(0, 2).map((problemId) => ({ problemId })),
  })
  await teacher.createContest({
    title: 'Hills of Kigali',
    subject: 'computer-science',
    timing: 'window',
    startsAt: minutesFromNow(3 * 1440),
    endsAt: minutesFromNow(3 * 1440 + 120),
    problems,
  })
  const pupil = await arena.as('student', 'Aline Mutesi')
  for (const each of [contest, quiz]) await pupil.join(each.id)
  for (const choice of ['a', 'b']) await pupil.judged({ contestId: contest.id, problemId: problemIds[0] as string, answer: { choices: [choice] } })
  const inContest = { contestId: contest.id, problemId: programId }
  const sources = [
    { language: 'python', source: 'print(3)\n' },
    { language: 'cpp', source: 'int main() { return missing; }\n' },
  ] as const
  for (const each of sources) await pupil.judged({ ...inContest, ...each }, 120_000)
  await play(arena, contest.id, problemIds)
  await arena.sql(
    `insert into bus.dead_letters (queue, event_id, topic, occurred_at, payload, attempts, reason)
     values ('leaderboard.events', $1, 'submission.judged.v1', $2, $3, 8, 'the board did not answer in time')`,
    ['01900000-0000-7000-8000-0000000000aa', new Date().toISOString(), JSON.stringify({ contestId: contest.id, attempt: 1 })],
  )
  return { contest, quiz, problemIds, programId, teacher, pupil }
}

/** A board to look at: some are right at once, some later, some not. */
async function play(arena: RunningArena, contestId: string, [planet = '', fall = '']: readonly string[]): Promise<void> {
  for (const [n, name] of classmates.entries()) {
    const player: ArenaClient = await arena.client().register({ name, school: n % 2 === 0 ? 'GS Huye' : 'GS Remera' })
    await player.join(contestId)
    if (n % 3 > 0) await player.submit({ contestId, problemId: planet, answer: { choices: ['c'] } })
    if (n < 6) await player.submit({ contestId, problemId: planet, answer: { choices: ['b'] } })
    if (n % 2 === 0) await player.submit({ contestId, problemId: fall, answer: { value: '9.81', unit: 'm/s^2' } })
  }
}

/** Every page, by who sees it. Pages behind a token of a mail are there as they look without one. */
export function everyPage({ contest, quiz, problemIds, programId }: Pick<School, 'contest' | 'quiz' | 'problemIds' | 'programId'>) {
  const room = `/contests/${contest.id}`
  return {
    nobody: [
      ...['/', '/login', '/register', '/forgot-password', '/reset-password', '/verify-email', '/unsubscribe', '/plans', '/no/such/page'],
      ...[room, `${room}/leaderboard`, `${room}/projector`],
    ],
    pupil: [
      ...['/', room, ...['A', 'B', 'C'].map((label) => `${room}/problems/${label}`), `${room}/submissions`, `${room}/leaderboard`, `/contests/${quiz.id}/quiz`],
      ...['/practice', `/practice/${programId}`, '/me/submissions', '/me/notifications', '/me/subscription', '/profile', '/teach'],
    ],
    teacher: [
      ...['/teach', '/teach/problems', '/teach/problems/new', `/teach/problems/${problemIds[1]}`, `/teach/problems/${programId}`, '/teach/import'],
      ...['/teach/contests/new', `/teach/contests/${contest.id}`, `${room}/monitor`, `${room}/everybody`, `${room}/rejudgings`],
    ],
    admin: ['/admin', '/admin/billing', '/admin/status', '/admin/dead-letters', '/admin/mails', '/design'],
  } as const satisfies Readonly<Record<Person, readonly string[]>>
}
