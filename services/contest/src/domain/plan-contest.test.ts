import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ContestChange, NewContest } from '#contracts/contest'
import { instant, toIso } from '#kernel/time'
import type { Contest } from './contest.ts'
import { planContest, planContestChange, planCopy } from './plan-contest.ts'

const now = instant(Date.parse('2026-03-01T08:00:00Z'))
const hours = (n: number) => toIso(instant(now + n * 3_600_000))
const input: NewContest = { title: ' Friday ', subject: 'mixed', format: 'icpc', startsAt: hours(1), endsAt: hours(3), problems: [] }
const ruleOf = (change: Partial<Record<keyof NewContest, unknown>>) => {
  const planned = planContest({ ...input, ...change } as NewContest, now)
  return planned.ok ? undefined : planned.error.details?.rule
}
function contestOf(change: Partial<NewContest> = {}): Contest {
  const planned = planContest({ ...input, ...change }, now)
  if (!planned.ok) throw new Error(JSON.stringify(planned.error))
  return { ...planned.value, id: 'c', ownerId: 'o', revision: 1, archived: false, hasSubmissions: false, createdAt: now }
}
const changed = (old: Contest, change: ContestChange, { atHours = 0, participants = 0 } = {}) => {
  const moment = instant(now + atHours * 3_600_000)
  return planContestChange(old, change, { isStarted: old.startsAt !== null && moment >= old.startsAt, hasParticipants: participants > 0, now: moment })
}
const fieldOf = (result: ReturnType<typeof changed>) => (result.ok ? undefined : (result.error.details?.field ?? result.error.details?.rule))

describe('planning a contest', () => {
  it('fills in what is left out', () => {
    const { title, timing, durationMinutes, rules, premium, description } = contestOf()
    assert.deepEqual(
      { title, timing, durationMinutes, rules, premium, description },
      { title: 'Friday', timing: 'window', durationMinutes: null, rules: {}, premium: false, description: '' },
    )
  })

  it('reads times with any offset, and no day that is not in the calendar', () => {
    assert.equal(contestOf({ startsAt: '2026-03-01T11:00:00+02:00' }).startsAt, Date.parse('2026-03-01T09:00:00Z'))
    for (const startsAt of ['2026-02-30T09:00:00Z', '2026-13-01T09:00:00Z', '2026-02-29T09:00:00Z', '2026-03-01T25:00:00Z'])
      assert.equal(ruleOf({ startsAt }), 'NO_SUCH_DATE', startsAt)
    assert.equal(ruleOf({ startsAt: '2028-02-29T09:00:00Z', endsAt: '2028-03-01T00:00:00Z' }), undefined)
    assert.equal(ruleOf({ startsAt: '0001-01-01T00:00:00Z' }), 'YEAR_OUT_OF_RANGE')
  })

  it('takes each timing with its own times and no others', () => {
    assert.equal(ruleOf({ timing: 'untimed', startsAt: undefined, endsAt: undefined }), undefined)
    assert.equal(ruleOf({ timing: 'personal', durationMinutes: 120 }), undefined)
    assert.equal(ruleOf({ timing: 'personal', durationMinutes: 121 }), 'DURATION_TOO_LONG')
    assert.equal(ruleOf({ timing: 'personal' }), 'DURATION_MISSING')
    assert.equal(ruleOf({ durationMinutes: 60 }), 'DURATION_NOT_PERSONAL')
    assert.equal(ruleOf({ startsAt: undefined }), 'TIMES_MISSING')
    assert.equal(ruleOf({ startsAt: hours(3) }), 'END_NOT_AFTER_START')
    assert.equal(ruleOf({ endsAt: hours(0), startsAt: hours(-2) }), 'END_IN_PAST')
    assert.equal(ruleOf({ rules: { freezeMinutes: 121 } }), 'FREEZE_TOO_LONG')
    const none = { timing: 'untimed', startsAt: undefined, endsAt: undefined }
    assert.equal(ruleOf({ ...none, rules: { feedback: 'after-end' } }), 'FEEDBACK_NEEDS_END')
    assert.equal(ruleOf({ ...none, rules: { freezeMinutes: 5 } }), 'FREEZE_NEEDS_END')
    assert.equal(ruleOf({ timing: 'untimed' }), 'UNTIMED_HAS_TIMES')
  })

  it('may begin at once or have begun, as long as it has not ended', () => assert.equal(ruleOf({ startsAt: hours(-1) }), undefined))
})

describe('changing a contest', () => {
  it('keeps what is left out, rules field by field', () => {
    const old = contestOf({ rules: { freezeMinutes: 10 }, description: '**x**' })
    const next = changed(old, { rules: { penaltyMinutes: 5 } })
    assert.ok(next.ok)
    assert.deepEqual(
      [next.value.rules, next.value.descriptionHtml, next.value.endsAt],
      [{ freezeMinutes: 10, penaltyMinutes: 5 }, '<p><strong>x</strong></p>\n', old.endsAt],
    )
  })

  it('drops the times with the timing that needs them', () => {
    const old = contestOf({ timing: 'personal', durationMinutes: 30 })
    const untimed = changed(old, { timing: 'untimed' })
    assert.ok(untimed.ok)
    assert.deepEqual([untimed.value.startsAt, untimed.value.endsAt, untimed.value.durationMinutes], [null, null, null])
    const window = changed(old, { timing: 'window' })
    assert.equal(window.ok && window.value.durationMinutes, null)
  })

  it('is free before the start, but for the timing once somebody has joined', () => {
    const old = contestOf()
    assert.equal(fieldOf(changed(old, { format: 'points', startsAt: hours(2), endsAt: hours(2.5), rules: { feedback: 'after-end' } })), undefined)
    assert.equal(fieldOf(changed(old, { timing: 'personal', durationMinutes: 5 }, { participants: 1 })), 'timing')
    assert.equal(fieldOf(changed(old, { startsAt: hours(-5), endsAt: hours(-4) })), 'END_IN_PAST')
  })

  it('only lengthens once it has started, and nothing after the end', () => {
    const old = contestOf({ timing: 'personal', durationMinutes: 60 })
    const running = { atHours: 2 }
    assert.equal(fieldOf(changed(old, { title: 'New', endsAt: hours(5), durationMinutes: 90 }, running)), undefined)
    assert.equal(fieldOf(changed(old, { startsAt: hours(1), format: 'icpc', timing: 'personal' }, running)), undefined, 'the same again is no change')
    assert.equal(fieldOf(changed(old, { endsAt: hours(2.5) }, running)), 'endsAt')
    assert.equal(fieldOf(changed(old, { durationMinutes: 30 }, running)), 'durationMinutes')
    assert.equal(fieldOf(changed(old, { startsAt: hours(2) }, running)), 'startsAt')
    assert.equal(fieldOf(changed(old, { timing: 'window' }, running)), 'timing')
    assert.equal(fieldOf(changed(old, { rules: { feedback: 'after-end' } }, running)), 'rules.feedback')
    assert.equal(fieldOf(changed(old, { endsAt: hours(9) }, { atHours: 4 })), 'endsAt')
    assert.equal(fieldOf(changed(old, { title: 'Only the title' }, { atHours: 4 })), undefined)
  })
})

describe('copying a contest', () => {
  const startOf = (laterHours: number) => planCopy(contestOf(), instant(now + laterHours * 3_600_000)).startsAt
  it('puts it a week on, or as many as it takes to lie ahead', () => {
    assert.equal(startOf(0), Date.parse(hours(1 + 168)))
    assert.equal(startOf(100), Date.parse(hours(1 + 168)))
    assert.equal(startOf(170), Date.parse(hours(1 + 336)))
    assert.equal(planCopy(contestOf({ timing: 'untimed', startsAt: undefined, endsAt: undefined } as never), now).startsAt, null)
  })
})

describe('a contest as premium', () => {
  it('becomes it until its start, and free at any time', () => {
    const [free, premium] = [contestOf(), contestOf({ premium: true })]
    for (const atHours of [0, 1, 5]) {
      assert.equal(fieldOf(changed(free, { premium: true }, { atHours })), atHours === 0 ? undefined : 'premium')
      assert.equal(fieldOf(changed(premium, { premium: false }, { atHours })), undefined)
      assert.equal(fieldOf(changed(premium, { premium: true, title: 'x' }, { atHours })), undefined, 'it stays what it is')
    }
  })

  it('is copied as it is', () => assert.deepEqual([planCopy(contestOf(), now).premium, planCopy(contestOf({ premium: true }), now).premium], [false, true]))
})
