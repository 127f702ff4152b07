import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Role } from '#contracts/common'
import { instant } from '#kernel/time'
import { type ContestClock, clockFrom, type Registration } from './contest.ts'
import { isListed, mayEdit, maySeeProblem, mayUseProblem, type Sight, sightOfProblems, type Viewer } from './visibility.ts'

const at = (minutes: number) => instant(1_800_000_000_000 + minutes * 60_000)
const owner = 'owner'
const window: ContestClock & { ownerId: string; premium: boolean } = {
  ownerId: owner,
  premium: false,
  timing: 'window',
  startsAt: at(0),
  endsAt: at(60),
  durationMinutes: null,
  rules: {},
}
const viewers: Record<string, Viewer | undefined> = {
  nobody: undefined,
  student: { userId: 's', role: 'student' },
  teacher: { userId: 't', role: 'teacher' },
  owner: { userId: owner, role: 'teacher' },
  admin: { userId: 'a', role: 'admin' },
  'owner, now a student': { userId: owner, role: 'student' },
}
const those = (may: (viewer: Viewer | undefined) => boolean) => Object.keys(viewers).filter((name) => may(viewers[name]))
const seers = (
  contest: typeof window,
  minutes: number,
  joinedAt?: number,
  { sight = 'shown', openedAt = null }: { sight?: Sight; openedAt?: number | null } = {},
) =>
  those((viewer) => {
    const registration: Registration | undefined =
      joinedAt === undefined || !viewer
        ? undefined
        : { userId: viewer.userId, joinedAt: at(joinedAt), openedAt: openedAt === null ? null : at(openedAt), ...clockFrom(contest, at(joinedAt)) }
    return sightOfProblems(contest, { viewer, registration, now: at(minutes) }) === sight
  })
const everybody = ['student', 'teacher', 'owner', 'admin', 'owner, now a student']

describe('who may see and change what', () => {
  it('lets owner and admins edit', () =>
    assert.deepEqual(
      those((viewer) => mayEdit(viewer, { ownerId: owner })),
      ['owner', 'admin'],
    ))

  it('shows problems of a window to participants while it runs and to all who are logged in afterwards', () => {
    assert.deepEqual(seers(window, -1, -5), ['owner', 'admin'])
    assert.deepEqual(seers(window, 0), ['owner', 'admin'])
    assert.deepEqual(seers(window, 0, -5), everybody)
    assert.deepEqual(seers(window, 60), everybody)
  })

  it('shows nothing before the start of the contest, nor before the own one, whatever the other clock says', () => {
    const student = viewers.student
    const registration = (startedAt: number): Registration => ({ userId: 's', joinedAt: at(-9), startedAt: at(startedAt), endsAt: null, openedAt: null })
    const sees = (startedAt: number, minutes: number) =>
      sightOfProblems(window, { viewer: student, registration: registration(startedAt), now: at(minutes) }) === 'shown'
    assert.deepEqual([sees(-5, -1), sees(30, 10), sees(30, 30)], [false, false, true])
  })

  it('shows problems of personal timing once the own clock has begun, also after it has run out', () => {
    const personal = { ...window, timing: 'personal' as const, durationMinutes: 10 }
    assert.deepEqual(seers(personal, 20), ['owner', 'admin'])
    assert.deepEqual(seers(personal, 20, 15), everybody)
    assert.deepEqual(seers(personal, 40, 15), everybody)
  })

  it('shows problems of an untimed contest to who joined, for ever', () => {
    const untimed = { ...window, timing: 'untimed' as const, startsAt: null, endsAt: null }
    assert.deepEqual(seers(untimed, 9_999), ['owner', 'admin'])
    assert.deepEqual(seers(untimed, 9_999, 0), everybody)
  })

  it('asks students alone for a subscription to a premium contest, and never before they would see the problems of a free one', () => {
    const premium = { ...window, premium: true }
    const students = ['student', 'owner, now a student']
    for (const [minutes, joinedAt] of [
      [-1, -5],
      [0, undefined],
    ] as const) {
      assert.deepEqual(seers(premium, minutes, joinedAt), ['owner', 'admin'])
      assert.deepEqual(seers(premium, minutes, joinedAt, { sight: 'for-subscribers' }), [])
    }
    for (const minutes of [0, 59, 60, 9_999]) {
      assert.deepEqual(seers(premium, minutes, -5, { sight: 'for-subscribers' }), students)
      assert.deepEqual(seers(premium, minutes, -5), ['teacher', 'owner', 'admin'])
    }
    assert.deepEqual(seers(premium, 60, undefined, { sight: 'for-subscribers' }), students, 'the archive')
  })

  it('shows what was opened once to who opened it, for ever', () => {
    for (const minutes of [0, 59, 60, 9_999]) assert.deepEqual(seers({ ...window, premium: true }, minutes, -5, { openedAt: 0 }), everybody)
  })

  it('keeps a private problem to its owner and admins, and out of the contests of others', () => {
    const roles: Role[] = ['student', 'teacher', 'admin']
    const may = (check: typeof maySeeProblem, isPublic: boolean) => roles.filter((role) => check({ userId: 'x', role }, { ownerId: owner, public: isPublic }))
    assert.deepEqual([may(maySeeProblem, false), may(maySeeProblem, true)], [['admin'], roles])
    assert.deepEqual([may(mayUseProblem, false), may(mayUseProblem, true)], [['admin'], ['teacher', 'admin']])
  })

  it('lists an archived contest for its owner and admins', () => {
    assert.deepEqual(
      those((viewer) => isListed(viewer, { archived: true, ownerId: owner })),
      ['owner', 'admin'],
    )
    assert.deepEqual(
      those((viewer) => isListed(viewer, { archived: false, ownerId: owner })),
      Object.keys(viewers),
    )
  })
})
