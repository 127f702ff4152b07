import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contestEnded, contestFrozen, contestStarted, contestStarting } from '#contracts/contest'
import { evaluationStatus } from '#contracts/evaluation'
import { instant } from '#kernel/time'
import { minutes, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { tellMoments } from '../src/usecases/tell-moments.ts'
import { at, makeContest, withArena } from './arena.ts'

const events = { starting: contestStarting, started: contestStarted, frozen: contestFrozen, ended: contestEnded }

describe('moments of a contest', () => {
  const arena = withArena()
  const toldOf = (id: string) =>
    Object.entries(events).flatMap(([name, event]) =>
      arena()
        .told(event)
        .filter(({ contestId }) => contestId === id)
        .map((moment) => `${name} ${moment.at}`),
    )
  const undone = async (id: string) => {
    const { rows } = await arena().db.query<{ moment: string }>(
      'select moment from contest_moments where contest_id = $1 and done_at is null order by due_at',
      [id],
    )
    return rows.map(({ moment }) => moment)
  }
  /** The job runs when the clock moves; its next turn is set when the last one has ended. */
  const until = (check: () => unknown) =>
    eventually(async () => {
      arena().time.advance(seconds(1))
      await check()
    })

  it('are told once each, when they come', async () => {
    const id = await makeContest(arena(), { rules: { freezeMinutes: 30 } })
    arena().time.advance(minutes(49))
    await until(async () => assert.equal((await undone(id)).length, 4))
    arena().time.set(instant(Date.parse(at(1)) - 600_000))
    await until(() => assert.deepEqual(toldOf(id), [`starting ${at(1)}`]))
    for (const [hours, count] of [
      [1, 2],
      [2.5, 3],
      [3, 4],
    ] as const) {
      arena().time.set(instant(Date.parse(at(hours))))
      await until(() => assert.equal(toldOf(id).length, count))
    }
    assert.deepEqual(toldOf(id), [`starting ${at(1)}`, `started ${at(1)}`, `frozen ${at(2.5)}`, `ended ${at(3)}`])
    assert.deepEqual(await undone(id), [])
  })

  it('are told once by replicas at work at the same moment', async () => {
    const hours = (arena().time.now() - Date.parse(at(0))) / 3_600_000
    const ids = await Promise.all([1, 2, 3].map(() => makeContest(arena(), { startsAt: at(hours - 0.1), endsAt: at(hours + 1) })))
    const told: unknown[] = []
    const outbox = { addAll: async (_tx: unknown, entries: readonly { payload: unknown }[]) => void told.push(...entries.map(({ payload }) => payload)) }
    const replica = {
      db: arena().db,
      clock: arena().time,
      outbox: {
        ...outbox,
        add: () => Promise.resolve(),
        replay: () => Promise.resolve(0),
        forget: () => Promise.resolve(),
        start: () => undefined,
        stop: () => Promise.resolve(),
        sweptAt: 0,
      },
    }
    await Promise.all([1, 2, 3, 4].map(() => tellMoments(replica)))
    assert.equal(told.length, ids.length)
    for (const id of ids) assert.deepEqual(await undone(id), ['ended'])
  })

  it('are told late for an hour after a pause, and passed over later', async () => {
    const now = arena().time.now()
    const hours = (now - Date.parse(at(0))) / 3_600_000
    const id = await makeContest(arena(), { startsAt: at(hours + 1), endsAt: at(hours + 3) })
    arena().time.set(instant(Date.parse(at(hours + 3.5))))
    await until(async () => assert.deepEqual(await undone(id), []))
    await until(() => assert.deepEqual(toldOf(id), [`ended ${at(hours + 3)}`]))
  })

  it('that are moved are told again', async () => {
    const hours = (arena().time.now() - Date.parse(at(0))) / 3_600_000
    const id = await makeContest(arena(), { startsAt: at(hours - 1), endsAt: at(hours + 0.5), rules: { freezeMinutes: 60 } })
    await until(() => assert.equal(toldOf(id).filter((told) => told.startsWith('frozen')).length, 1))
    await arena().call('PATCH /api/contests/:id', { params: { id }, body: { endsAt: at(hours + 4) } }, { token: arena().people.teacher.token })
    assert.deepEqual(await undone(id), ['frozen', 'ended'])
    arena().time.set(instant(Date.parse(at(hours + 3))))
    await until(() => assert.equal(toldOf(id).filter((told) => told.startsWith('frozen')).length, 2))
  })

  it('lists the languages some living worker can judge, and says why programs wait', async () => {
    const languages = async () => (await arena().call('GET /api/languages')).body
    const before = await languages()
    assert.deepEqual(before.judge, { state: 'waiting', reason: 'no judge is running' })
    assert.ok(before.languages.length >= 3)
    const workerId = '00000000-0000-4000-8000-000000000001'
    await arena().bus.broadcast(evaluationStatus.topic, { workerId, sandbox: null, reason: 'bubblewrap is missing', toolchains: {} })
    await eventually(async () => assert.equal((await languages()).judge.reason, 'bubblewrap is missing'))
    await arena().bus.broadcast(evaluationStatus.topic, { workerId, sandbox: 'native', reason: null, toolchains: { python: '3.11.2' } })
    await eventually(async () => assert.equal((await languages()).judge.state, 'ready'))
    const { languages: found } = await languages()
    assert.deepEqual([found.length, found[0].id, found[0].version], [1, 'python', '3.11.2'])
    arena().time.advance(seconds(16))
    assert.equal((await languages()).judge.state, 'waiting')
  })
})
