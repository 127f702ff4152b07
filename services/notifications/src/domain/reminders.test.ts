import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Instant, instant, toIso } from '#kernel/time'
import { dueAt, isWorthTelling, type Reminder, remindersOf, staleAt } from './reminders.ts'

const hour = 3_600_000
const epoch = Date.parse('2026-03-01T00:00:00Z')
type Contest = Parameters<typeof remindersOf>[0]
const starting = (startsAt: Instant, more: Partial<Contest> = {}): Contest => ({
  timing: 'window',
  startsAt: toIso(startsAt),
  archived: false,
  deleted: false,
  ...more,
})

/** What a keeper of rows would do: the contest's untold rows are those of its start now, what was told stays. */
function live(steps: readonly Step[]): { told: (Reminder & { at: Instant; of: Instant })[] } {
  const told: (Reminder & { at: Instant; of: Instant })[] = []
  let contest: Contest | undefined
  for (const { at, set } of [...steps].sort((a, b) => a.at - b.at)) {
    if (set !== undefined) contest = set
    if (contest === undefined) continue
    for (const reminder of remindersOf(contest)) {
      const wasTold = told.some(({ kind, startsAt }) => kind === reminder.kind && startsAt === reminder.startsAt)
      if (!wasTold && isWorthTelling(contest, reminder, at)) told.push({ ...reminder, at, of: instant(Date.parse(contest.startsAt ?? '')) })
    }
  }
  return { told }
}
type Step = { readonly at: Instant; readonly set?: Contest }
const instants = fc.integer({ min: 0, max: 30 * 4 }).map((quarters) => instant(epoch + (quarters * hour) / 4))
const steps = fc.array(
  fc
    .record({
      at: instants,
      set: fc.option(
        fc.tuple(instants, fc.boolean()).map(([startsAt, deleted]) => starting(startsAt, { deleted })),
        { nil: undefined },
      ),
    })
    .map(({ at, set }): Step => (set === undefined ? { at } : { at, set })),
  { maxLength: 40 },
)

describe('reminders', () => {
  it('are told a day and a quarter of an hour before the start', () => {
    const startsAt = instant(epoch + 48 * hour)
    assert.deepEqual(
      remindersOf(starting(startsAt)).map((one) => [one.kind, (startsAt - dueAt(one)) / 60_000, (startsAt - staleAt(one)) / 60_000]),
      [
        ['tomorrow', 1440, 720],
        ['soon', 15, 0],
      ],
    )
  })
  it('are none of a contest without a start, and of one that was called off', () => {
    for (const more of [{ timing: 'untimed' }, { startsAt: null }, { archived: true }, { deleted: true }] as const)
      assert.deepEqual(remindersOf(starting(instant(epoch), more)), [])
  })
  it('come at most once for each start, in their window, of the start that the contest has then', () =>
    fc.assert(
      fc.property(steps, (all) => {
        const { told } = live(all)
        const keys = told.map(({ kind, startsAt }) => `${kind} ${startsAt}`)
        assert.equal(new Set(keys).size, keys.length)
        for (const one of told) assert.ok(one.at >= dueAt(one) && one.at < staleAt(one) && one.at < one.startsAt && one.of === one.startsAt)
      }),
    ))
  it('come all when somebody looks every quarter of an hour and nothing is moved', () =>
    fc.assert(
      fc.property(instants, (startsAt) => {
        const looks = Array.from({ length: 60 * 4 }, (_, n): Step => ({ at: instant(startsAt - (n * hour) / 4) }))
        const [first] = [...looks].sort((a, b) => a.at - b.at)
        const { told } = live([{ at: instant((first?.at ?? 0) - 1), set: starting(startsAt) }, ...looks])
        assert.deepEqual(
          told.map(({ kind, at }) => [kind, startsAt - at]),
          [
            ['tomorrow', 24 * hour],
            ['soon', hour / 4],
          ],
        )
      }),
    ))
  it('of a contest that is moved come for the new start, and for one it had before not again', () => {
    const [first, second] = [instant(epoch + 24 * hour), instant(epoch + 72 * hour)]
    const { told } = live([
      { at: instant(epoch), set: starting(first) }, // a day before the first start
      { at: instant(epoch + hour), set: starting(second) },
      { at: instant(epoch + 2 * hour), set: starting(first) }, // put back: told of already
      { at: instant(epoch + 3 * hour), set: starting(second) },
      { at: instant(epoch + 48 * hour) },
      { at: instant(epoch + 49 * hour) },
      { at: instant(second - hour / 4) },
    ])
    assert.deepEqual(
      told.map(({ kind, startsAt }) => [kind, startsAt]),
      [
        ['tomorrow', first],
        ['tomorrow', second],
        ['soon', second],
      ],
    )
  })
  it('of another start than the contest has now, or of one that was called off, are not worth telling', () => {
    const [now, before] = [instant(epoch), instant(epoch + 20 * hour)]
    const reminder: Reminder = { kind: 'tomorrow', startsAt: before }
    assert.equal(isWorthTelling(starting(before), reminder, now), true)
    for (const contest of [starting(instant(before + 1)), starting(before, { deleted: true }), starting(before, { archived: true })])
      assert.equal(isWorthTelling(contest, reminder, now), false)
  })
  it('do not say tomorrow of a contest that was moved to within half a day', () => {
    const { told } = live([
      { at: instant(epoch), set: starting(instant(epoch + 96 * hour)) },
      { at: instant(epoch + hour), set: starting(instant(epoch + 11 * hour)) },
      { at: instant(epoch + 10.9 * hour) },
    ])
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['soon'],
    )
  })
})
