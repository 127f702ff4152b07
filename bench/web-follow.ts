/**
 * What following a contest of five hours costs on the line: `npm run bench -- web-follow`. A hundred participants, eight problems, eighteen submissions each,
 * spread over the five hours as in a real contest (more at the end, none behind a freeze); each is accepted, and judged about a second later. The leaderboard
 * service is real (its database, its pushes), and so is what makes frames for those who follow a board's first twenty rows and their own (the page does);
 * time is a clock of the bench, which jumps from event to event, so pushes are put together exactly as they would be: the first at once, the next half a
 * second later, rows further down once a minute. Counted is every byte of every frame, as the browser's socket receives them, with answers to pings in
 * silence, one's own verdicts, and the board as the page fetches it (gzip), once more each time a push says so.
 *
 * Prints a line of JSON; exits with 1 above the budget of 0.3 MB. Beside it: what all rows as JSON would cost (`everything`).
 */
import { v7 } from 'uuid'
import { contestPublished, registrationChanged } from '#contracts/contest'
import { type LeaderboardChanged, leaderboardChanged } from '#contracts/leaderboard'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { userRegistered } from '#contracts/user'
import { ms } from '#kernel/units'
import { leaderboardService } from '#services/leaderboard/src/service'
import { openFollowers } from '#services/notifications/src/sockets/followers'
import { frameOf } from '#services/notifications/src/sockets/frame'
import { fakeClock } from '#testkit/fake-clock'
import { seeded } from '#testkit/harsh-bus'
import { startService } from '#testkit/service-harness'
import { machine } from './load/stage/figures.ts'

const budgetBytes = 300_000
const participants = 100
const submissionsEach = Number(process.env.BENCH_SUBMISSIONS ?? 18)
const hours = 5
const followedRows = 20
const pingAfterMs = 25_000
/** As they were seen to be on the wire: the pong, one's own verdict, and the heads of an answer over HTTP. */
const pongBytes = 59
const verdictBytes = 520
const headBytes = 420

const random = seeded(7)
const startsAt = Date.parse('2026-03-01T09:00:00.000Z')
const iso = (at: number) => new Date(at).toISOString()
const clock = fakeClock(iso(startsAt))
const it = await startService(leaderboardService, { clock })
try {
  const contestId = v7()
  const problems = Array.from('ABCDEFGH', (label) => ({
    problemId: v7(),
    version: 1,
    label,
    title: `Problem ${label}`,
    kind: 'program' as const,
    points: 100,
    maxAttempts: null,
  }))
  const people = Array.from({ length: participants }, (_, n) => ({
    userId: v7(),
    name: `Mukamana Uwase ${n}`,
    school: `GS Remera Catholique ${n % 9}`,
    skill: 0.15 + 0.7 * random(),
  }))
  const tell = async (topic: string, payloads: readonly unknown[]) => {
    await it.bus.publish(payloads.map((payload) => ({ id: v7(), topic, occurredAt: iso(clock.now()), payload })))
    await it.bus.settled()
  }
  await tell(
    userRegistered.topic,
    people.map(({ userId, name, school }) => ({
      userId,
      name,
      school,
      revision: 1,
      role: 'student',
      language: 'en',
      disabled: false,
      sessionsValidFrom: iso(startsAt),
    })),
  )
  await tell(contestPublished.topic, [
    {
      contestId,
      revision: 1,
      title: 'Five hours',
      subject: 'mixed',
      format: 'icpc',
      timing: 'window',
      startsAt: iso(startsAt),
      endsAt: iso(startsAt + hours * 3_600_000),
      durationMinutes: null,
      freezeAt: null,
      penaltyMinutes: 20,
      feedback: 'now',
      detail: 'full',
      scoring: 'best-run',
      ownerId: v7(),
      archived: false,
      deleted: false,
      problems,
    },
  ])
  await tell(
    registrationChanged.topic,
    people.map(({ userId }) => ({ contestId, userId, startedAt: iso(startsAt), endsAt: null })),
  )

  // one who follows, in the middle of the board
  const me = people[50] as (typeof people)[number]
  const cost = { frames: 0, frame_bytes: 0, everything: 0, fetches: 0, fetch_bytes: 0, pongs: 0 }
  let heardAt = startsAt
  let fetchDue = true
  const followers = openFollowers({ clock })
  followers.add(contestId, followedRows, {
    held: me,
    say({ bytes }) {
      cost.pongs += Math.floor((clock.now() - heardAt) / pingAfterMs)
      heardAt = clock.now()
      cost.frames += 1
      cost.frame_bytes += bytes.byteLength
      fetchDue ||= bytes.includes('"refetch":true')
    },
  })
  let passed = 0
  /** Lets time pass up to `at`, with what falls due on the way, and hands pushes on. */
  const until = async (at: number) => {
    while (clock.now() < at) {
      clock.advance(ms(Math.min(500, at - clock.now())))
      if (at - clock.now() > 3_000) clock.advance(ms(at - clock.now() - 1_500))
      await it.bus.settled()
    }
    const sent = it.bus.broadcasts.filter(({ topic }) => topic === leaderboardChanged.topic)
    for (const { payload } of sent.slice(passed)) {
      cost.everything += frameOf({ type: 'leaderboard.changed', ...(payload as LeaderboardChanged) }).bytes.byteLength
      followers.tell(payload as LeaderboardChanged)
    }
    passed = sent.length
    if (!fetchDue) return
    fetchDue = false
    const answer = await it.app.inject({ url: `/api/leaderboard/${contestId}?top=100`, headers: { 'accept-encoding': 'gzip' } })
    cost.fetches += 1
    cost.fetch_bytes += answer.rawPayload.byteLength + headBytes
  }
  const runs = people.flatMap((who) =>
    Array.from({ length: submissionsEach }, () => ({
      who,
      at: startsAt + Math.floor(hours * 3_600_000 * (1 - random() ** 1.3)),
      problem: problems[Math.floor(random() * problems.length)],
      submissionId: v7(),
    })),
  )
  const facts = runs
    .flatMap((run) => [
      { at: run.at, run, judged: false },
      { at: run.at + 700 + Math.floor(random() * 1_500), run, judged: true },
    ])
    .sort((a, b) => a.at - b.at)
  for (const { at, run, judged } of facts) {
    await until(at)
    const fact = { submissionId: run.submissionId, userId: run.who.userId, contestId, problemId: run.problem?.problemId ?? '', submittedAt: iso(run.at) }
    const isRight = random() < run.who.skill / 2
    if (!judged) await tell(submissionAccepted.topic, [fact])
    else
      await tell(submissionJudged.topic, [
        {
          ...fact,
          attempt: 1,
          label: run.problem?.label ?? '',
          kind: 'program',
          verdict: isRight ? 'AC' : 'WA',
          score: isRight ? 100 : 0,
          judgedAt: iso(at),
          held: false,
        },
      ])
  }
  await until(startsAt + (hours * 60 + 2) * 60_000)
  const own = submissionsEach * verdictBytes
  const bytes = cost.frame_bytes + cost.fetch_bytes + cost.pongs * pongBytes + own
  console.log(
    JSON.stringify({
      bench: 'web-follow',
      machine: machine(),
      participants,
      submissions: runs.length,
      hours,
      budget_bytes: budgetBytes,
      bytes,
      ...cost,
      pong_bytes: cost.pongs * pongBytes,
      own_verdict_bytes: own,
      pushes: passed,
      within: bytes <= budgetBytes,
    }),
  )
  if (bytes > budgetBytes) process.exitCode = 1
} finally {
  await it.stop()
}
