import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LeaderboardChanged } from '#contracts/leaderboard'
import type { ServerMessage } from '#contracts/notifications'
import { openArenaSocket } from '#testkit/arena-client'
import { arenaOfSize } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { aPlusB, gravity, minutesFromNow, solutions, whichPlanet } from './problems.ts'

const arena = await arenaOfSize()
const teacher = await arena.as('teacher')
const choiceId = await teacher.createProblem(whichPlanet)
const numericId = await teacher.createProblem(gravity)
const programId = await teacher.createProblem(aPlusB)

const isJudged = (id: string) => (message: ServerMessage) => message.type === 'submission.judged' && message.id === id
const isBoardOf = (contestId: string) => (message: ServerMessage) => message.type === 'leaderboard.changed' && message.contestId === contestId
const board = async (by: typeof teacher, contestId: string, query: Record<string, unknown> = {}) =>
  by.ok('GET /api/leaderboard/:contestId', { params: { contestId }, query })
const rowOf = async (by: typeof teacher, contestId: string, userId: string, query: Record<string, unknown> = {}) =>
  (await board(by, contestId, query)).rows.find((row) => row.userId === userId)

// side by side, because the freeze takes a minute at least
describe('the live arena', { concurrency: true }, () => {
  describe('two browsers', () => {
    test('one hands in a program, the other sees the board move within a second of the verdict', async () => {
      const [player, watcher] = [await arena.as('student', 'Player'), await arena.as('student', 'Watcher')]
      const contest = await teacher.createContest({ format: 'icpc', problems: [{ problemId: programId }] })
      await player.join(contest.id)
      await watcher.join(contest.id)
      const [mine, theirs] = [await player.socket(), await watcher.socket()]
      theirs.subscribe(contest.id)
      await theirs.waitFor((message) => message.type === 'subscribed')
      await eventually(async () => assert.ok(await rowOf(watcher, contest.id, player.user.id), 'the player has no row yet'))

      const id = await player.submit({ contestId: contest.id, problemId: programId, language: 'python', source: solutions.python })
      const verdict = await mine.waitFor(isJudged(id), 30_000)
      const moved = await theirs.waitFor(
        (message) => isBoardOf(contest.id)(message) && (message as LeaderboardChanged).cells.some((row) => row.userId === player.user.id && row.score === 1),
      )
      assert.ok(moved.at - verdict.at < 1_000, `the board moved ${moved.at - verdict.at} ms after the verdict`)
      assert.equal((await rowOf(watcher, contest.id, player.user.id))?.score, 1)
      assert.ok(!theirs.texts.some((text) => text.includes('submission.')), "the watcher's socket told of another's submission")
      mine.close()
      theirs.close()
    })

    test('quiz answers take the same way, and both orders of the same facts give one board', async () => {
      const [first, second, watcher] = [await arena.as('student', 'First'), await arena.as('student', 'Second'), await arena.as('student')]
      const contest = await teacher.createContest({
        problems: [
          { problemId: choiceId, points: 10 },
          { problemId: numericId, points: 20 },
        ],
      })
      for (const each of [first, second]) await each.join(contest.id)
      const theirs = await watcher.socket()
      theirs.subscribe(contest.id)
      const submit = (by: typeof first, body: object) => by.submit({ contestId: contest.id, ...body } as never)
      assert.equal((await first.waitForVerdict(await submit(first, { problemId: choiceId, answer: { choices: ['b'] } }))).verdict, 'AC')
      assert.equal((await second.waitForVerdict(await submit(second, { problemId: numericId, answer: { value: '9.8', unit: 'm/s^2' } }))).verdict, 'AC')
      assert.equal((await first.waitForVerdict(await submit(first, { problemId: numericId, answer: { value: '9.9', unit: 'm/s^2' } }))).verdict, 'WA')
      await eventually(async () => {
        const { rows } = await board(watcher, contest.id)
        assert.deepEqual(
          rows.filter((row) => row.score > 0).map((row) => [row.rank, row.userId, row.score]),
          [
            [1, second.user.id, 20],
            [2, first.user.id, 10],
          ],
        )
      })
      const seen = new Map<string, number>()
      await eventually(() => {
        for (const { message } of theirs.messages) if (message.type === 'leaderboard.changed') for (const row of message.cells) seen.set(row.userId, row.score)
        assert.deepEqual([seen.get(second.user.id), seen.get(first.user.id)], [20, 10], 'the pushes alone do not give the board')
      })
      theirs.close()
    })

    test('a socket that dropped gets what it missed, once and in order', async () => {
      const player = await arena.as('student')
      const contest = await teacher.createContest({ problems: [{ problemId: choiceId }, { problemId: numericId }] })
      await player.join(contest.id)
      const before = await player.socket()
      const first = await player.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } })
      const told = await before.waitFor(isJudged(first))
      const { seq } = told.message as Extract<ServerMessage, { type: 'submission.judged' }>
      before.close()
      const missed: string[] = []
      for (const value of ['1', '9.81']) {
        const id = await player.submit({ contestId: contest.id, problemId: numericId, answer: { value, unit: 'm/s^2' } })
        await player.waitForVerdict(id)
        missed.push(id)
      }
      await eventually(async () => assert.ok((await player.ok('GET /api/notifications', { query: { after: seq } })).notifications.length >= 2))
      const again = await player.socket()
      again.send({ type: 'resume', after: seq })
      for (const id of missed) await again.waitFor(isJudged(id))
      const own = again.messages.flatMap(({ message }) => (message.type === 'submission.judged' ? [message] : []))
      assert.deepEqual(
        own.map((message) => message.id),
        missed,
      )
      assert.deepEqual(
        own.map((message) => message.verdict),
        ['WA', 'AC'],
      )
      assert.ok(
        own.every((message, at) => message.seq > (own[at - 1]?.seq ?? seq)),
        'seq does not grow',
      )
      again.close()
    })

    test('per-test progress comes to the one who submitted, and to nobody else', async () => {
      const [player, watcher] = [await arena.as('student'), await arena.as('student')]
      const contest = await teacher.createContest({ problems: [{ problemId: programId }] })
      for (const each of [player, watcher]) await each.join(contest.id)
      const [mine, theirs] = [await player.socket(), await watcher.socket()]
      theirs.subscribe(contest.id)
      const source = `import time\ntime.sleep(0.3)\n${solutions.python}` // what is over at once has no progress
      const id = await player.submit({ contestId: contest.id, problemId: programId, language: 'python', source })
      await mine.waitFor(isJudged(id), 30_000)
      assert.ok(mine.messages.some(({ message }) => message.type === 'submission.progress' && message.id === id))
      assert.ok(!theirs.texts.some((text) => text.includes(id)))
      mine.close()
      theirs.close()
    })
  })

  describe('the freeze', () => {
    test('hides what is handed in after it from everybody else by every way, and the thaw shows it', { timeout: 120_000 }, async () => {
      const [player, watcher] = [await arena.as('student', 'Frozen Player'), await arena.as('student', 'Outside')]
      const endsAt = Date.now() + 65_000 // frozen for its last minute: from 5 s on
      const contest = await teacher.createContest({
        format: 'icpc',
        timing: 'window',
        startsAt: minutesFromNow(-1),
        endsAt: new Date(endsAt).toISOString(),
        rules: { freezeMinutes: 1 },
        problems: [
          { problemId: choiceId, label: 'A', maxAttempts: 5 },
          { problemId: programId, label: 'B' },
        ],
      })
      for (const each of [player, watcher]) await each.join(contest.id)
      const theirs = await watcher.socket()
      theirs.subscribe(contest.id)
      const open = await player.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } })
      assert.equal((await player.waitForVerdict(open)).verdict, 'WA')
      await eventually(async () => assert.equal((await board(watcher, contest.id)).frozen, true), 30_000)
      const still = await board(watcher, contest.id)
      const markAt = theirs.texts.length
      watcher.heard.length = 0

      const mine = await player.socket()
      const hidden = await player.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['b'] } })
      const hiddenToo = await player.submit({ contestId: contest.id, problemId: programId, language: 'python', source: 'print(0)\n' })
      await mine.waitFor(isJudged(hidden), 30_000) // the own team sees its own
      assert.equal((await player.waitForVerdict(hiddenToo)).verdict, 'WA')
      await eventually(async () => assert.equal((await rowOf(teacher, contest.id, player.user.id, { unfrozen: true }))?.score, 1)) // it is in the log
      // a moment later: each of the two boards is read anew when it is some time old
      const frozen = await eventually(async () => {
        const read = await board(watcher, contest.id, { around: 5 })
        const row = read.rows.find((each) => each.userId === player.user.id)
        assert.deepEqual(
          row?.cells.map((cell) => [cell.label, cell.solved, cell.attempts, cell.pending]),
          [
            ['A', false, 1, 1],
            ['B', false, 0, 1],
          ],
          'pending counts, and nothing else',
        )
        assert.deepEqual([row?.score, row?.penalty], [0, 0])
        return read
      })
      assert.deepEqual(
        frozen.rows.map((each) => [each.rank, each.score]),
        still.rows.map((each) => [each.rank, each.score]),
      )
      assert.equal(
        (await watcher.call('GET /api/leaderboard/:contestId', { params: { contestId: contest.id }, query: { unfrozen: true } })).body?.rows?.find(
          (each: { userId: string }) => each.userId === player.user.id,
        )?.score ?? 0,
        0,
      )
      assert.equal((await watcher.call('GET /api/submissions/:id', { params: { id: hidden } })).status, 404)
      await watcher.call('GET /api/submissions', { query: { contestId: contest.id } })
      await watcher.call('GET /api/submissions', { query: { contestId: contest.id, everybody: true } })
      await watcher.call('GET /api/submissions', { query: { contestId: contest.id, userId: player.user.id } })
      await watcher.call('GET /api/notifications')
      await watcher.call('GET /api/contests/:id', { params: { id: contest.id } })
      const bytes = [...watcher.heard, ...theirs.texts.slice(markAt)].join('\n')
      for (const id of [hidden, hiddenToo]) assert.ok(!bytes.includes(id), 'a hidden submission is named')
      assert.ok(!/"solved":true/.test(bytes) && !/"verdict"/.test(bytes) && !/"minute"/.test(bytes), 'a hidden result is told')

      await eventually(
        () => {
          const shown = theirs.messages.some(
            ({ at, message }) =>
              at >= endsAt &&
              isBoardOf(contest.id)(message) &&
              ((message as LeaderboardChanged).refetch ||
                (message as LeaderboardChanged).cells.some((each) => each.userId === player.user.id && each.score === 1)),
          )
          assert.ok(shown, 'the thaw is not told')
        },
        endsAt - Date.now() + 15_000,
      )
      await eventually(async () => {
        const thawed = await board(watcher, contest.id)
        assert.equal(thawed.frozen, false)
        assert.equal(thawed.rows.find((each) => each.userId === player.user.id)?.score, 1)
      })
      mine.close()
      theirs.close()
    })
  })

  describe('clocks and rules', () => {
    test('with personal timing joining starts the clock, and it ends by itself', { timeout: 120_000 }, async () => {
      const [early, late] = [await arena.as('student'), await arena.as('student')]
      const contest = await teacher.createContest({
        timing: 'personal',
        startsAt: minutesFromNow(-1),
        endsAt: minutesFromNow(30),
        durationMinutes: 1,
        problems: [{ problemId: choiceId, maxAttempts: 10 }],
      })
      assert.equal((await late.ok('GET /api/contests/:id', { params: { id: contest.id } })).contest.myPhase, 'scheduled')
      const joined = await early.join(contest.id)
      const left = Date.parse(joined.myEndsAt ?? '') - Date.now()
      assert.ok(left > 50_000 && left <= 60_000, `its clock has ${left} ms left`)
      const refused = await late.call('POST /api/submit', { body: { contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } } })
      assert.deepEqual([refused.status, refused.body.error.code], [403, 'NOT_REGISTERED'])
      await early.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } })
      await arena.sql(`update submission.registrations set ends_at = now() + interval '300 ms' where user_id = $1`, [early.user.id]) // a minute, without waiting for it
      await eventually(async () => {
        const over = await early.call('POST /api/submit', { body: { contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } } })
        assert.deepEqual([over.status, over.body.error?.code], [409, 'CONTEST_NOT_RUNNING'])
      })
      const again = await early.join(contest.id)
      assert.equal(again.myEndsAt, joined.myEndsAt, 'joining again gave a new clock')
      await late.join(contest.id)
      await late.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } })
    })

    test('an untimed contest runs for everybody who joined, whenever', async () => {
      const player = await arena.as('student')
      const contest = await teacher.createContest({ timing: 'untimed', problems: [{ problemId: choiceId }] })
      assert.deepEqual([contest.phase, contest.myPhase, contest.endsAt], ['running', 'running', undefined])
      await player.join(contest.id)
      assert.equal((await player.judged({ contestId: contest.id, problemId: choiceId, answer: { choices: ['b'] } })).verdict, 'AC')
    })

    test('attempts are counted: one for a choice, three for a number, also when they come at once', async () => {
      const player = await arena.as('student')
      const contest = await teacher.createContest({ problems: [{ problemId: choiceId }, { problemId: numericId }] })
      await player.join(contest.id)
      const first = await player.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } })
      await player.waitForVerdict(first)
      const second = await player.call('POST /api/submit', { body: { contestId: contest.id, problemId: choiceId, answer: { choices: ['b'] } } })
      assert.deepEqual([second.status, second.body.error.code], [409, 'NO_ATTEMPTS_LEFT'])
      const unreadable = await player.call('POST /api/submit', {
        body: { contestId: contest.id, problemId: numericId, answer: { value: 'about ten', unit: 'm/s^2' } },
      })
      assert.deepEqual([unreadable.status, unreadable.body.error.code], [422, 'ANSWER_UNREADABLE'])
      const atOnce = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          player.call('POST /api/submit', { body: { contestId: contest.id, problemId: numericId, answer: { value: String(at), unit: 'm/s^2' } } }),
        ),
      )
      assert.deepEqual(atOnce.map((answer) => answer.status).sort(), [202, 202, 202, 409, 409, 409, 409, 409])
    })

    test('with feedback after the end nothing about a verdict is told before, and all of it then', { timeout: 60_000 }, async () => {
      const player = await arena.as('student')
      const contest = await teacher.createContest({
        timing: 'window',
        startsAt: minutesFromNow(-1),
        endsAt: new Date(Date.now() + 12_000).toISOString(),
        rules: { feedback: 'after-end' },
        problems: [{ problemId: choiceId, maxAttempts: 3 }],
      })
      await player.join(contest.id)
      const socket = await player.socket()
      const [right, wrong] = [
        await player.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['b'] } }),
        await player.submit({ contestId: contest.id, problemId: choiceId, answer: { choices: ['a'] } }),
      ]
      await eventually(async () => {
        const [row] = await arena.sql<{ count: string }>(`select count(*) from submission.judgements where submission_id = any($1)`, [[right, wrong]])
        assert.equal(row?.count, '2')
      })
      const [one, other] = [right, wrong].map(async (id) => (await player.ok('GET /api/submissions/:id', { params: { id } })).submission)
      const shape = ({ id: _id, submittedAt: _at, answer: _answer, ...rest }: Record<string, unknown>) => rest
      assert.deepEqual(shape((await one) as never), shape((await other) as never), 'right and wrong differ before the end')
      assert.equal((await one)?.status, 'held')
      assert.ok(!socket.texts.some((text) => text.includes('"verdict"')))
      assert.equal((await eventually(async () => (await rowOf(player, contest.id, player.user.id)) ?? assert.fail('not on the board yet'))).score, 0)
      const shown = await player.waitForVerdict(right, 25_000)
      assert.equal(shown.verdict, 'AC')
      await eventually(async () => assert.ok(((await rowOf(player, contest.id, player.user.id))?.score ?? 0) > 0), 15_000)
      socket.close()
    })
  })

  describe('who a socket is for', () => {
    test('it is closed at once for a bad token, for no token in time, and for nonsense', { timeout: 30_000 }, async () => {
      const bad = await openArenaSocket(arena.url)
      bad.send({ type: 'auth', token: 'ey.no.token' })
      assert.equal((await bad.closed()).code, 4401)
      const silent = await openArenaSocket(arena.url)
      const student = await arena.as('student')
      const nonsense = await student.socket()
      nonsense.send({ type: 'subscribe', channel: 'everything' })
      assert.equal((await nonsense.closed()).code, 1008)
      assert.equal((await silent.closed(8_000)).code, 4408)
    })

    test('a page of another site cannot open one', async () => {
      await assert.rejects(openArenaSocket(arena.url, { origin: 'https://evil.example' }), /403/)
      ;(await openArenaSocket(arena.url, { origin: arena.url })).close()
    })

    test('logging out and a change of role close it', async () => {
      const [leaving, raised, admin] = [await arena.as('student'), await arena.as('student'), await arena.as('admin')]
      const entered = await leaving.ok('POST /api/login', { body: { username: leaving.user.username, password: leaving.password, client: 'cli' } })
      leaving.token = entered.accessToken
      const [one, two] = [await leaving.socket(), await raised.socket()]
      await leaving.ok('POST /api/logout', { body: { refreshToken: entered.refreshToken } })
      assert.equal((await one.closed()).code, 4403)
      await admin.ok('PATCH /api/users/:id', { params: { id: raised.user.id }, body: { role: 'teacher' } })
      assert.equal((await two.closed()).code, 4403)
    })
  })
})
