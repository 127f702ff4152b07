import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestEnded, contestStarted, contestStarting, contestUpdated, registrationChanged } from '#contracts/contest'
import type { Notification } from '#contracts/notifications'
import { instant } from '#kernel/time'
import { seconds } from '#kernel/units'
import type { Db, Tx } from '#ports/db'
import { eventually } from '#testkit/eventually'
import { mostADay } from '../src/domain/reminders.ts'
import { remind } from '../src/usecases/remind.ts'
import { type Arena, openArena } from './arena.ts'

let it: Arena
before(async () => {
  it = await openArena()
})
after(() => it.stop())

/** Minutes count from the start of the test's contests; each test has a later one, since a clock goes forwards. */
let start = 0
beforeEach(() => {
  start = it.clock.now() + 10 * day * 60_000
})
const day = 1440
const at = (minute: number) => new Date(start + minute * 60_000).toISOString()
const goTo = (minute: number) => it.clock.set(instant(start + minute * 60_000))
const contest = (more: Partial<ContestSnapshot> = {}, registered: readonly string[] = []) =>
  it.contest({ startsAt: at(0), endsAt: at(120), ...more }, registered)
const deps = (db: Db = it.db) => ({ db, fanout: it.host.fanout, clock: it.clock, ids: it.host.ids, log: it.host.log })
/** The clock stands at a minute and every replica looks. */
const lookAt = async (minute: number) => {
  goTo(minute)
  await Promise.all([remind(deps()), remind(deps())])
}
const inbox = async (userId: string) => {
  const answer = await it.call('GET /api/notifications', {}, { token: await it.token(userId) })
  return (answer.body.notifications as Notification[]).reverse()
}
const codes = async (userId: string) => (await inbox(userId)).map(({ code }) => code)
const mails = async (contestId: string) =>
  (
    await it.db.query<{ user_id: string; template: string }>(
      `select user_id, template from mails where params ->> 'contestId' = $1 order by queued_at, user_id`,
      [contestId],
    )
  ).rows
/** Users that mail may go to. */
async function proven(count: number): Promise<string[]> {
  const userIds = Array.from({ length: count }, () => v7())
  await it.db.query(
    `insert into users (user_id, revision, name, role, disabled, sessions_valid_from, email, email_verified, language)
     select id, 1, 'Uwase', 'student', false, '2026-01-01', id || '@school.rw', true, 'rw' from unnest($1::uuid[]) as t (id)`,
    [userIds],
  )
  return userIds
}
const moved = (given: ContestSnapshot, more: Partial<ContestSnapshot>) => it.publish(contestUpdated, { ...given, revision: given.revision + 1, ...more })

describe('who joined a contest', () => {
  test('is reminded a day and a quarter of an hour before it: inbox, socket and mail', async () => {
    goTo(-3 * day)
    const [userId = ''] = await proven(1)
    const { contestId, startsAt } = await contest({}, [userId])
    goTo(-day - 1)
    await remind(deps())
    const socket = await it.enter(userId)
    await remind(deps())
    assert.deepEqual(await codes(userId), [])
    await lookAt(-day)
    const [reminder] = await inbox(userId)
    assert.deepEqual(
      [reminder?.code, reminder?.params, reminder?.message],
      ['CONTEST_TOMORROW', { contestId, title: 'Kigali Open', at: startsAt }, '“Kigali Open” starts within a day'],
    )
    assert.equal((await socket.heard('notification')).code, 'CONTEST_TOMORROW')
    for (const minute of [-day + 1, -16]) await lookAt(minute)
    assert.deepEqual(await codes(userId), ['CONTEST_TOMORROW'])
    for (const minute of [-15, -14, -1, 1]) await lookAt(minute)
    assert.deepEqual(await codes(userId), ['CONTEST_TOMORROW', 'CONTEST_STARTING'])
    assert.deepEqual(await mails(contestId), [
      { user_id: userId, template: 'contest-tomorrow' },
      { user_id: userId, template: 'contest-soon' },
    ])
  })
  test('is reminded by the service’s own job', async () => {
    goTo(-day - 1)
    const userId = v7()
    await contest({}, [userId])
    await eventually(async () => {
      it.clock.advance(seconds(10))
      assert.deepEqual(await codes(userId), ['CONTEST_TOMORROW'])
    })
  })
  test('ten minutes before it is not told that it is tomorrow; late but before the start still that it is soon', async () => {
    goTo(-10)
    const userId = v7()
    const given = await contest()
    await it.publish(registrationChanged, { contestId: given.contestId, userId, startedAt: at(0), endsAt: null })
    await lookAt(-9)
    assert.deepEqual(await codes(userId), ['CONTEST_STARTING'])
  })
  test('is told nothing late: no “tomorrow” half a day before, no “soon” after the start', async () => {
    const userId = v7()
    goTo(-3 * day)
    const { contestId } = await contest({}, [userId])
    await lookAt(-day / 2)
    await lookAt(0)
    assert.deepEqual([await codes(userId), await mails(contestId)], [[], []])
  })
  test('is reminded of a contest that was moved later at its new time, and again only of a start not told before', async () => {
    const userId = v7()
    goTo(-2 * day)
    const given = await contest({}, [userId])
    await lookAt(-day)
    const later = { ...given, revision: 2, startsAt: at(5 * day), endsAt: at(6 * day) }
    await it.publish(contestUpdated, later)
    await lookAt(-day + 1)
    await moved(later, { startsAt: given.startsAt })
    await lookAt(-day + 2)
    assert.deepEqual(await codes(userId), ['CONTEST_TOMORROW'], 'of the first start it was told')
    await it.publish(contestUpdated, { ...later, revision: 4 })
    await lookAt(-15)
    assert.deepEqual(await codes(userId), ['CONTEST_TOMORROW'], 'nothing of the start before')
    await lookAt(4 * day)
    await lookAt(5 * day - 15)
    assert.deepEqual(
      (await inbox(userId)).map(({ code, params }) => [code, params.at]),
      [
        ['CONTEST_TOMORROW', at(0)],
        ['CONTEST_TOMORROW', at(5 * day)],
        ['CONTEST_STARTING', at(5 * day)],
      ],
    )
  })
  test('is not written to at will by who moves a contest to and fro', async () => {
    const [userId = ''] = await proven(1)
    goTo(-61)
    const given = await contest({}, [userId])
    for (let i = 0; i < 10; i++) {
      await it.publish(contestUpdated, { ...given, revision: 2 + i, startsAt: at(i - 50) })
      await lookAt(i - 60)
    }
    assert.deepEqual(await codes(userId), Array(mostADay).fill('CONTEST_STARTING'))
    assert.equal((await mails(given.contestId)).length, mostADay)
    await it.publish(contestUpdated, { ...given, revision: 12, startsAt: at(2 * day), endsAt: at(3 * day) })
    await lookAt(2 * day - 15)
    assert.equal((await codes(userId)).length, mostADay + 1, 'the next day is another one')
  })
  test('is reminded of a contest that was moved near at once, as far as that is true', async () => {
    const [near, nearer] = [v7(), v7()]
    goTo(-9 * day)
    const [one, two] = [await contest({}, [near]), await contest({}, [nearer])]
    await moved(one, { startsAt: at(-8.2 * day) })
    await moved(two, { startsAt: at(-9 * day + 10) })
    await lookAt(-9 * day + 1)
    assert.deepEqual([await codes(near), await codes(nearer)], [['CONTEST_TOMORROW'], ['CONTEST_STARTING']])
  })
  test('hears nothing of a contest that was called off', async () => {
    const [ann, bob] = [v7(), v7()]
    goTo(-2 * day)
    const [gone, archived] = [await contest({}, [ann]), await contest({}, [bob])]
    await moved(gone, { deleted: true })
    await moved(archived, { archived: true })
    for (const minute of [-day, -15]) await lookAt(minute)
    assert.deepEqual([await codes(ann), await codes(bob)], [[], []])
  })
  test('sees ten minutes before the start on the page, and no second message', async () => {
    goTo(-10)
    const userId = v7()
    const { contestId, title } = await contest({}, [userId])
    const socket = await it.enter(userId)
    await it.publish(contestStarting, { contestId, title, at: at(0) })
    assert.deepEqual(await socket.heard('contest.changed').then(({ moment }) => moment), 'starting')
    assert.deepEqual(await codes(userId), [])
    await it.publish(contestStarted, { contestId, title, at: at(0) })
    await it.publish(contestEnded, { contestId, title, at: at(120) })
    assert.deepEqual(await codes(userId), ['CONTEST_STARTED', 'CONTEST_ENDED'])
  })
})

describe('a reminder', () => {
  test('comes once, of two replicas that look at the same moment, time after time', async () => {
    const [userId = ''] = await proven(1)
    goTo(-2 * day)
    const contests = await Promise.all(Array.from({ length: 8 }, () => contest({}, [userId])))
    const [first, second] = [await it.openDb(3), await it.openDb(3)]
    goTo(-day)
    await Promise.all([first, second, first, second].map((db) => remind(deps(db))))
    for (const { contestId } of contests) assert.equal((await mails(contestId)).length, 1)
    assert.equal((await codes(userId)).length, contests.length)
    await Promise.all([first.close(), second.close()])
  })
  test('is whole or not at all: a process that dies between claim and mail has told nothing, and the next look tells it', async () => {
    const [userId = ''] = await proven(1)
    goTo(-2 * day)
    const { contestId } = await contest({}, [userId])
    goTo(-day)
    const pool = await it.openDb(2)
    await assert.rejects(remind(deps(dyingBefore('insert into mails', pool))), AggregateError)
    assert.deepEqual([await codes(userId), await mails(contestId)], [[], []])
    await remind(deps())
    assert.deepEqual([await codes(userId), (await mails(contestId)).length], [['CONTEST_TOMORROW'], 1])
    await pool.close()
  })
  test('to a thousand is one statement of messages and one of mails, and goes by mail to those with a proven address', async () => {
    const [withAddress, without] = [await proven(900), Array.from({ length: 100 }, () => v7())]
    await it.db.query(
      `insert into users (user_id, revision, name, role, disabled, sessions_valid_from, email, email_verified, language)
       select id, 1, 'Keza', 'student', false, '2026-01-01', id || '@school.rw', false, 'rw' from unnest($1::uuid[]) as t (id)`,
      [without],
    )
    goTo(-2 * day)
    const { contestId } = await contest()
    await it.db.query('insert into registrations (contest_id, user_id) select $1, id from unnest($2::uuid[]) as t (id)', [
      contestId,
      [...withAddress, ...without],
    ])
    goTo(-day)
    const statements: string[] = []
    await remind(deps(watched(it.db, statements)))
    const of = (start: string) => statements.filter((text) => text.includes(start)).length
    assert.deepEqual([of('insert into messages'), of('insert into mails')], [1, 1])
    assert.equal((await mails(contestId)).length, 900)
    const { rows } = await it.db.query(`select 1 from messages where code = 'CONTEST_TOMORROW' and params ->> 'contestId' = $1`, [contestId])
    assert.equal(rows.length, 1000)
  })
})

/** Every statement of its transactions is written down. */
const watched = (db: Db, statements: string[]): Db => ({
  ...db,
  transaction: (work) => db.transaction((tx) => work(spied(tx, (text) => void statements.push(text)))),
})
/** The connection is gone, as it would be for a process that was killed, when a statement with this text comes. */
const dyingBefore = (text: string, db: Db): Db => ({
  ...db,
  transaction: (work) =>
    db.transaction((tx) =>
      work(
        spied(tx, async (statement) => {
          if (statement.includes(text)) await tx.query('select pg_terminate_backend(pg_backend_pid())')
        }),
      ),
    ),
})
function spied(tx: Tx, see: (text: string) => Promise<void> | void): Tx {
  return {
    ...tx,
    async query<R extends object>(sql: string, params?: readonly unknown[]) {
      await see(sql)
      return tx.query<R>(sql, params)
    },
  }
}
