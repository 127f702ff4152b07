import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { instant } from '#kernel/time'
import type { ContestClock } from './contest.ts'
import { languagesNow } from './languages.ts'
import { isWorthTelling, momentsOf, toldTime } from './moments.ts'
import { contestSnapshot } from './snapshot.ts'
import { isStorable } from './storable.ts'

const at = (minutes: number) => instant(1_800_000_000_000 + minutes * 60_000)
const window: ContestClock = { timing: 'window', startsAt: at(0), endsAt: at(120), durationMinutes: null, rules: { freezeMinutes: 30 } }

describe('moments', () => {
  it('fall due ten minutes before the start, at the start, the freeze and the end', () => {
    assert.deepEqual(momentsOf(window), [
      { moment: 'starting', dueAt: at(-10) },
      { moment: 'started', dueAt: at(0) },
      { moment: 'frozen', dueAt: at(90) },
      { moment: 'ended', dueAt: at(120) },
    ])
    assert.deepEqual(
      momentsOf({ ...window, rules: { freezeMinutes: 30, feedback: 'after-end' } }).map(({ moment }) => moment),
      ['starting', 'started', 'ended'],
    )
    assert.deepEqual(momentsOf({ ...window, timing: 'untimed', startsAt: null, endsAt: null }), [])
  })

  it('are worth telling late: for an hour, and that it is about to start until it starts', () => {
    const worth = (moment: 'starting' | 'ended', minutes: number) => isWorthTelling({ moment, dueAt: at(0) }, at(minutes))
    assert.deepEqual([worth('ended', 59), worth('ended', 60), worth('starting', 9), worth('starting', 10)], [true, false, true, false])
    assert.deepEqual([toldTime({ moment: 'starting', dueAt: at(-10) }), toldTime({ moment: 'ended', dueAt: at(5) })], [at(0), at(5)])
  })
})

describe('languages', () => {
  const workerId = '00000000-0000-4000-8000-000000000001'
  const ready = { workerId, sandbox: 'native' as const, reason: null, toolchains: { cpp: '12.2.0', python: '3.11' } }
  it('are those of living workers with a sandbox', () => {
    const now = languagesNow([{ status: ready, at: at(0) }], at(0))
    assert.deepEqual(
      now.languages.map(({ id, version }) => [id, version]),
      [
        ['python', '3.11'],
        ['cpp', '12.2.0'],
      ],
    )
    assert.deepEqual(now.judge, { state: 'ready' })
    assert.match(now.languages[1]?.compile ?? '', /^\/usr\/bin\/g\+\+ -std=gnu\+\+17 .*main\.cpp/)
    const [, java, typescript] = languagesNow([{ status: { ...ready, toolchains: { python: '3', java: '17', typescript: '24' } }, at: at(0) }], at(0)).languages
    assert.deepEqual([java?.id, java?.memoryBesideBytes, now.languages[1]?.memoryBesideBytes], ['java', 128 * 1024 ** 2, undefined])
    assert.match(typescript?.compile ?? '', /^\S+node .*-e '…'$/)
  })

  it('are all that are known while no judge was ever heard, with the reason', () => {
    const never = languagesNow([], at(0))
    assert.ok(never.languages.length >= 10 && never.languages.every(({ version }) => version === ''))
    assert.deepEqual(never.judge, { state: 'waiting', reason: 'no judge is running' })
  })

  it('stay those of a worker that is gone, while it is missed', () => {
    const late = languagesNow([{ status: ready, at: at(0) }], at(0.25))
    assert.deepEqual(
      late.languages.map(({ id, version }) => [id, version]),
      [
        ['python', '3.11'],
        ['cpp', '12.2.0'],
      ],
    )
    assert.deepEqual(late.judge, { state: 'waiting', reason: 'no judge is running' })
  })

  it('wait for the reason that a worker gives', () => {
    const blind = { ...ready, sandbox: null, reason: 'no bubblewrap', toolchains: { cpp: '12' } }
    assert.deepEqual(languagesNow([{ status: blind, at: at(0) }], at(0)).judge, { state: 'waiting', reason: 'no bubblewrap' })
    assert.deepEqual(languagesNow([{ status: { ...ready, toolchains: {} }, at: at(0) }], at(0)).judge.state, 'waiting')
  })
})

describe('what others are told of a contest', () => {
  it('says when the board freezes and fills in the rules', () => {
    const contest = {
      ...window,
      id: 'c',
      ownerId: 'o',
      revision: 4,
      title: 'T',
      description: 'd',
      descriptionHtml: 'd',
      subject: 'mixed',
      format: 'icpc',
      premium: false,
      archived: false,
      hasSubmissions: true,
      createdAt: at(0),
    } as const
    const told = contestSnapshot(contest, [{ problemId: 'p', version: 2, label: 'A', title: 'P', kind: 'program', points: 100, maxAttempts: null }])
    assert.deepEqual([told.freezeAt, told.penaltyMinutes, told.feedback, told.revision, told.deleted], [new Date(at(90)).toISOString(), 20, 'now', 4, false])
    assert.deepEqual(told.problems, [{ problemId: 'p', version: 2, label: 'A', title: 'P', kind: 'program', points: 100, maxAttempts: null }])
    assert.equal(contestSnapshot({ ...contest, rules: { feedback: 'after-end' } }, []).freezeAt, new Date(at(0)).toISOString())
  })
})

describe('text', () => {
  it('can be kept when it has no NUL and no half characters', () => {
    for (const value of ['a', '😀', { a: ['b', 1, null, true] }, undefined]) assert.equal(isStorable(value), true)
    for (const value of ['a\u0000', '\ud83d', { a: [{ b: '\udc00' }] }, ['\u0000']]) assert.equal(isStorable(value), false)
  })
})
