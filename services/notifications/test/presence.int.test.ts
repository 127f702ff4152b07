import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { instant } from '#kernel/time'
import { minutes, ms, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { forgetWhoWasHere, openPresence } from '../src/usecases/presence.ts'
import { type Arena, openArena } from './arena.ts'

let it: Arena
before(async () => {
  it = await openArena()
})
after(() => it.stop())

type People = { userId: string; here: boolean; seenAt: string }[]
const ask = async (contestId: string, userId: string, role: 'student' | 'teacher' | 'admin' = 'teacher') =>
  it.call('GET /api/notifications/presence/:contestId', { params: { contestId } }, { token: await it.token(userId, { role }) })
const people = async (contestId: string, userId: string) => (await ask(contestId, userId)).body.people as People
/** A beat of a replica that holds these users. */
const beat = (...userIds: string[]) => openPresence({ db: it.db, clock: it.clock, hub: { usersHere: () => userIds } }).note()

describe('who has the page open', () => {
  test('is told to the contest’s staff of its participants, by their sockets', async () => {
    const [owner, inside, away, stranger] = [v7(), v7(), v7(), v7()]
    const { contestId } = await it.contest({ ownerId: owner }, [inside, away])
    const sockets = [await it.enter(inside), await it.enter(stranger)]
    await eventually(async () => {
      it.clock.advance(seconds(20))
      assert.deepEqual(
        (await people(contestId, owner)).map(({ userId, here }) => [userId, here]),
        [[inside, true]],
      )
    })
    for (const { ws } of sockets) ws.close()
    await Promise.all(sockets.map(({ closed }) => closed))
    await eventually(async () => {
      it.clock.advance(seconds(21))
      assert.deepEqual(
        (await people(contestId, owner)).map(({ userId, here }) => [userId, here]),
        [[inside, false]],
      )
    })
  })

  test('is nobody else’s business', async () => {
    const [owner, pupil] = [v7(), v7()]
    const { contestId } = await it.contest({ ownerId: owner }, [pupil])
    assert.equal((await ask(contestId, owner)).status, 200)
    assert.equal((await ask(contestId, v7(), 'admin')).status, 200)
    for (const [userId, role] of [
      [v7(), 'teacher'],
      [pupil, 'student'],
      [owner, 'student'],
    ] as const) {
      const { status, body } = await ask(contestId, userId, role)
      assert.deepEqual([status, body.error.code], [403, 'FORBIDDEN'])
    }
    const unknown = await ask(v7(), owner)
    assert.deepEqual([unknown.status, unknown.body.error.code], [404, 'CONTEST_NOT_FOUND'])
    const gone = await it.contest({ ownerId: owner, deleted: true })
    assert.equal((await ask(gone.contestId, owner)).status, 404)
  })

  test('holds over replicas: the latest beat counts, in whatever order they are written', async () => {
    const [owner, a, b] = [v7(), v7(), v7()]
    const { contestId } = await it.contest({ ownerId: owner }, [a, b])
    const before = it.clock.now()
    await beat(a, b)
    it.clock.advance(minutes(2))
    const late = openPresence({ db: it.db, clock: { ...it.clock, now: () => before }, hub: { usersHere: () => [a, b] } })
    await Promise.all([beat(a), late.note()])
    const found = new Map((await people(contestId, owner)).map(({ userId, here }) => [userId, here]))
    assert.deepEqual([found.get(a), found.get(b)], [true, false])
  })

  test('is noted when somebody comes, and then three times a minute', async () => {
    const [owner, a, b] = [v7(), v7(), v7()]
    const { contestId } = await it.contest({ ownerId: owner }, [a, b])
    let here = [a]
    const presence = openPresence({ db: it.db, clock: it.clock, hub: { usersHere: () => here } })
    const noted = async () => new Map((await people(contestId, owner)).map(({ userId, seenAt }) => [userId, Date.parse(seenAt)]))
    await presence.note()
    const first = (await noted()).get(a)
    it.clock.advance(seconds(5))
    here = [a, b]
    await presence.note()
    assert.equal((await noted()).get(a), first, 'not written again so soon')
    assert.ok((await noted()).has(b), 'who has just come is')
    it.clock.advance(seconds(15))
    await presence.note()
    assert.equal((await noted()).get(a), it.clock.now())
  })

  test('is forgotten after a day', async () => {
    const [owner, a] = [v7(), v7()]
    const { contestId } = await it.contest({ ownerId: owner }, [a])
    await beat(a)
    const later = { ...it.clock, now: () => instant(it.clock.now() + 25 * minutes(60) + ms(0)) }
    await forgetWhoWasHere({ db: it.db, clock: later })
    assert.deepEqual(await people(contestId, owner), [])
  })
})
