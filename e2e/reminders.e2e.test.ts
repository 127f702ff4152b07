/** What a participant hears of a contest by itself, over all services: that it starts soon, and how it came out. In the inbox, on a socket, by mail. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import PostalMime from 'postal-mime'
import { arenaOfSize } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { minutesFromNow, whichPlanet } from './problems.ts'

const arena = await arenaOfSize()
const teacher = await arena.as('teacher')
const pupil = arena.client()
const email = `m-${randomBytes(6).toString('hex')}@school.rw`
/** Jobs look every few seconds; the machine may be busy. */
const generous = 120_000
let contest: Awaited<ReturnType<typeof teacher.createContest>> | undefined

async function mails() {
  const folder = join(arena.dataDir, 'mail')
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'))
  const all = await Promise.all(files.map(async (name) => PostalMime.parse(await readFile(join(folder, name)))))
  return all.filter((mail) => mail.to?.some((to) => to.address === email))
}
const heard = (code: string, contestId: string) =>
  eventually(async () => {
    const { notifications } = await pupil.ok('GET /api/notifications', { query: { limit: 200 } })
    const found = notifications.filter((one) => one.code === code && one.params.contestId === contestId)
    assert.equal(found.length, 1, JSON.stringify(notifications.map((one) => one.code)))
    return found[0]
  }, generous)
const mailed = (title: string) =>
  eventually(async () => {
    const found = (await mails()).filter((mail) => mail.subject?.includes(title))
    assert.equal(found.length, 1)
  }, generous)

before(async () => {
  await pupil.ok('POST /api/register', { body: { email, password: pupil.password, name: 'Aline Mutesi', language: 'fr' } })
  const { accessToken } = await pupil.ok('POST /api/login', { body: { email, password: pupil.password } })
  pupil.token = accessToken
  const proof = await eventually(async () => {
    const token = (await mails()).flatMap((mail) => /\/verify-email#([\w-]{43})/.exec(mail.text ?? '')?.[1] ?? [])[0]
    assert.ok(token)
    return token
  }, generous)
  await pupil.ok('POST /api/email/verify', { body: { token: proof } })
  await eventually(async () => {
    const [row] = await arena.sql<{ email_verified: boolean }>('select email_verified from notifications.users where email = $1', [email])
    assert.equal(row?.email_verified, true)
  })
  // it ends while the first test runs
  const problemId = await teacher.createProblem(whichPlanet)
  const times = { timing: 'window' as const, startsAt: minutesFromNow(-5), endsAt: minutesFromNow(0.75) }
  contest = await teacher.createContest({ title: `Over ${randomBytes(4).toString('hex')}`, ...times, problems: [{ problemId, points: 70 }] })
  await pupil.join(contest.id)
  const submission = await pupil.submit({ contestId: contest.id, problemId, answer: { choices: ['b'] } })
  assert.equal((await pupil.waitForVerdict(submission)).verdict, 'AC')
})

test('a contest that is moved to begin in ten minutes is announced to those who joined', async () => {
  const title = `Soon ${randomBytes(4).toString('hex')}`
  const times = { timing: 'window' as const, startsAt: minutesFromNow(60), endsAt: minutesFromNow(120) }
  const { id } = await teacher.createContest({ title, ...times, problems: [{ problemId: await teacher.createProblem(whichPlanet) }] })
  await pupil.join(id)
  await eventually(async () => assert.equal((await arena.sql('select 1 from notifications.registrations where contest_id = $1', [id])).length, 1))
  const socket = await pupil.socket()
  await teacher.ok('PATCH /api/contests/:id', { params: { id }, body: { startsAt: minutesFromNow(10) } })
  await heard('CONTEST_STARTING', id)
  await socket.waitFor((message) => message.type === 'notification' && message.code === 'CONTEST_STARTING')
  await mailed(title)
})

test('the result of a contest is told when it is over', async () => {
  const { id = '', title = '' } = contest ?? {}
  const told = await heard('CONTEST_RESULT', id)
  assert.deepEqual(told?.params, { contestId: id, title, format: 'points', rank: 1, total: 1, score: 70, solved: 1, problemCount: 1 })
  await mailed(title)
})
