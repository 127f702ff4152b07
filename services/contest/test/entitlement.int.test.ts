import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { memberChanged, type SubscriptionSnapshot, subscriptionChanged } from '#contracts/billing'
import { instant, toIso } from '#kernel/time'
import { seconds } from '#kernel/units'
import type { Queryable } from '#ports/db'
import type { Log } from '#ports/log'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { openEntitlements } from '../src/entitlement.ts'
import { at, start, withArena } from './arena.ts'
import { type BillingPeer, openBillingPeer, plan } from './billing-peer.ts'

describe('the entitlement to premium contests', () => {
  let billing: BillingPeer
  const arena = withArena(async () => {
    billing = await openBillingPeer()
    return billing.peers
  })
  after(() => billing.close())
  afterEach(() => {
    arena().time.set(instant(Date.parse(start)))
    billing.state.mode = 'answers'
  })

  const contest = { id: '01890000-0000-7000-8000-0000000000cc', premium: true }
  const newId = () => arena().host.ids.next()
  /** As a replica of the service that has just begun, so that no test meets the breaker of another. */
  const open = ({ log = silentLog, db = arena().db }: { log?: Log; db?: Queryable } = {}) => {
    const entitlements = openEntitlements({ db, peers: billing.peers, clock: arena().time, log })
    return async (userId: string) => {
      const may = await entitlements.mayEnter({ userId, role: 'student' }, contest)
      return may.ok ? 'in' : may.error.code
    }
  }
  const subscriber = (hours = 100) => {
    const [userId, subscriptionId] = [newId(), newId()]
    billing.subscribed.set(userId, { until: at(hours), subscriptionId })
    return { userId, subscriptionId }
  }
  const asked = (userId: string) => billing.asked.filter((each) => each === userId).length
  const changed = (change: Partial<SubscriptionSnapshot> & Pick<SubscriptionSnapshot, 'subscriptionId'>) =>
    arena().publish(subscriptionChanged, {
      revision: 5,
      holderId: newId(),
      audience: 'person',
      school: null,
      planId: plan.id,
      planName: plan.name,
      grants: ['premium-contests'],
      status: 'active',
      openUntil: at(100),
      cancelsAtPeriodEnd: false,
      sponsored: false,
      ...change,
    })

  describe('while billing is down', () => {
    for (const mode of ['gone', 'fails', 'hangs'] as const)
      it(`goes by what it said last, as long as that is good (${mode})`, async () => {
        const mayEnter = open()
        const { userId } = subscriber(5)
        assert.equal(await mayEnter(userId), 'in')
        billing.state.mode = mode
        arena().time.set(instant(Date.parse(at(5)) - 1))
        assert.equal(await mayEnter(userId), 'in')
        arena().time.set(instant(Date.parse(at(5))))
        assert.equal(await mayEnter(userId), 'ENTITLEMENT_UNKNOWN')
        if (mode !== 'hangs') assert.equal(await mayEnter(newId()), 'ENTITLEMENT_UNKNOWN', 'who is not known is not let in')
        billing.state.mode = 'answers'
        arena().time.advance(seconds(5))
        assert.equal(await mayEnter(userId), 'in', 'it is asked again, and its word counts')
      })

    it('does not let in who was refused before', async () => {
      const mayEnter = open()
      const { userId } = subscriber()
      assert.equal(await mayEnter(userId), 'in')
      billing.subscribed.delete(userId)
      arena().time.advance(seconds(60))
      assert.equal(await mayEnter(userId), 'SUBSCRIPTION_NEEDED')
      billing.state.mode = 'gone'
      assert.equal(await mayEnter(userId), 'ENTITLEMENT_UNKNOWN')
    })

    it('tries it three times in a row, then once every five seconds, says so once, and goes on when it is back', async () => {
      const lines: string[] = []
      const mayEnter = open({ log: { ...silentLog, warn: (_fields, message) => void lines.push(message) } })
      billing.state.mode = 'fails'
      const userId = newId()
      const triesOf = async (times: number) => {
        const before = asked(userId)
        for (let n = 0; n < times; n++) assert.equal(await mayEnter(userId), 'ENTITLEMENT_UNKNOWN')
        return asked(userId) - before
      }
      assert.equal(await triesOf(6), 3)
      arena().time.advance(seconds(5))
      assert.equal(await triesOf(3), 1)
      arena().time.advance(seconds(5))
      billing.state.mode = 'answers'
      assert.deepEqual([await mayEnter(userId), await mayEnter(userId)], ['SUBSCRIPTION_NEEDED', 'SUBSCRIPTION_NEEDED'])
      assert.equal(lines.length, 1)
      assert.match(lines[0] ?? '', /billing does not answer/)
    })

    it('lets one call try whether it is back, and the others do not wait for it', async () => {
      const mayEnter = open()
      billing.state.mode = 'fails'
      for (let n = 0; n < 3; n++) assert.equal(await mayEnter(newId()), 'ENTITLEMENT_UNKNOWN')
      arena().time.advance(seconds(5))
      billing.state.mode = 'waits'
      const [first, second] = [newId(), newId()]
      const trying = mayEnter(first)
      await eventually(() => assert.equal(asked(first), 1))
      assert.equal(await mayEnter(second), 'ENTITLEMENT_UNKNOWN')
      assert.equal(asked(second), 0)
      billing.state.release()
      assert.equal(await trying, 'SUBSCRIPTION_NEEDED')
    })
  })

  describe('at once', () => {
    /** Billing answers when all of `count` callers have read what is known. */
    const heldBack = (count: number) => {
      let reads = 0
      const db: Queryable = {
        query: async <R extends object>(sql: string, params?: readonly unknown[]) => {
          const result = await arena().db.query<R>(sql, params)
          if (sql.startsWith('select')) reads++
          return result
        },
      }
      billing.state.mode = 'waits'
      const ready = () => eventually(() => assert.equal(reads, count))
      return { db, ready }
    }

    it('asks billing once for one user, however many ask', async () => {
      const { db, ready } = heldBack(8)
      const mayEnter = open({ db })
      const { userId } = subscriber()
      const entering = Array.from({ length: 8 }, () => mayEnter(userId))
      await ready()
      assert.equal(asked(userId), 1)
      billing.state.release()
      assert.deepEqual(await Promise.all(entering), Array(8).fill('in'))
      assert.equal(await mayEnter(userId), 'in')
      assert.equal(asked(userId), 1)
      assert.deepEqual(new Set(billing.deadlines), new Set([2_000]))
    })

    it('does not keep an answer that was overtaken by a change', async () => {
      const mayEnter = open()
      const { userId, subscriptionId } = subscriber()
      assert.equal(await mayEnter(userId), 'in')
      arena().time.advance(seconds(60))
      const { db, ready } = heldBack(1)
      const early = open({ db })(userId)
      await ready()
      await eventually(() => assert.equal(asked(userId), 2))
      billing.subscribed.delete(userId)
      await changed({ subscriptionId, status: 'cancelled', openUntil: null })
      billing.state.release()
      assert.equal(await early, 'in', 'it was asked in time')
      billing.state.mode = 'gone'
      assert.equal(await mayEnter(userId), 'ENTITLEMENT_UNKNOWN', 'and is not remembered')
      billing.state.mode = 'answers'
      assert.equal(await mayEnter(userId), 'SUBSCRIPTION_NEEDED')
    })
  })

  describe('changes as billing tells', () => {
    it('a cancelled subscription is refused at the next joining, without waiting for the minute', async () => {
      const mayEnter = open()
      const { userId, subscriptionId } = subscriber()
      assert.equal(await mayEnter(userId), 'in')
      billing.subscribed.delete(userId)
      assert.equal(await mayEnter(userId), 'in', 'nobody has told yet')
      await changed({ subscriptionId, status: 'cancelled', openUntil: null })
      billing.state.mode = 'gone'
      assert.equal(await mayEnter(userId), 'ENTITLEMENT_UNKNOWN', 'what was told holds while billing is down')
      billing.state.mode = 'answers'
      assert.equal(await mayEnter(userId), 'SUBSCRIPTION_NEEDED')
    })

    it('a plan that no longer opens premium contests, likewise', async () => {
      const mayEnter = open()
      const { userId, subscriptionId } = subscriber()
      assert.equal(await mayEnter(userId), 'in')
      await changed({ subscriptionId, grants: [] })
      billing.state.mode = 'gone'
      assert.equal(await mayEnter(userId), 'ENTITLEMENT_UNKNOWN')
    })

    it('a renewed one is good for longer, also while billing is down', async () => {
      const mayEnter = open()
      const { userId, subscriptionId } = subscriber(2)
      assert.equal(await mayEnter(userId), 'in')
      await changed({ subscriptionId, openUntil: at(50) })
      billing.state.mode = 'gone'
      arena().time.set(instant(Date.parse(at(49))))
      assert.equal(await mayEnter(userId), 'in')
    })

    it('all of a school at once, and a member who is taken out alone', async () => {
      const mayEnter = open()
      const [ann, bob] = [subscriber(), subscriber()]
      billing.subscribed.set(bob.userId, { until: at(100), subscriptionId: ann.subscriptionId })
      for (const { userId } of [ann, bob]) assert.equal(await mayEnter(userId), 'in')
      const member = (userId: string, isMember: boolean) =>
        arena().publish(memberChanged, { subscriptionId: ann.subscriptionId, userId, isMember, at: toIso(arena().time.now()) })
      await member(newId(), true)
      await member(bob.userId, false)
      billing.state.mode = 'gone'
      assert.deepEqual([await mayEnter(ann.userId), await mayEnter(bob.userId)], ['in', 'ENTITLEMENT_UNKNOWN'])
      await changed({ subscriptionId: ann.subscriptionId, audience: 'school', school: 'GS Huye', status: 'expired', openUntil: at(-1) })
      assert.equal(await mayEnter(ann.userId), 'ENTITLEMENT_UNKNOWN')
    })

    it('end the same in whatever order they come, and however often', async () => {
      const told = [
        { revision: 2, openUntil: at(20) },
        { revision: 3, openUntil: null },
        { revision: 4, openUntil: at(40) },
        { revision: 5, openUntil: at(30) },
      ]
      const property = fc.asyncProperty(
        fc.shuffledSubarray(told, { minLength: 4 }),
        fc.array(fc.constantFrom(...told), { maxLength: 4 }),
        async (all, again) => {
          const { userId, subscriptionId } = subscriber(10)
          billing.state.mode = 'answers'
          arena().time.set(instant(Date.parse(start)))
          assert.equal(await open()(userId), 'in')
          for (const each of [...all, ...again]) await changed({ subscriptionId, ...each })
          billing.state.mode = 'gone'
          const ends: string[] = []
          for (const hours of [30, 29.999]) {
            arena().time.set(instant(Date.parse(at(hours))))
            ends.push(await open()(userId))
          }
          assert.deepEqual(ends, ['ENTITLEMENT_UNKNOWN', 'in'])
        },
      )
      await fc.assert(property, { numRuns: 12 })
    })

    it('older than what is known makes it ask again and changes nothing', async () => {
      const { userId, subscriptionId } = subscriber()
      const mayEnter = open()
      assert.equal(await mayEnter(userId), 'in')
      await changed({ subscriptionId, revision: 7, openUntil: at(90) })
      await changed({ subscriptionId, revision: 6, openUntil: null })
      billing.state.mode = 'gone'
      assert.equal(await open()(userId), 'in', 'the newer one was told first')
      billing.state.mode = 'answers'
      assert.equal(await mayEnter(userId), 'in')
      arena().time.set(instant(Date.parse(start) - 1))
      await changed({ subscriptionId, revision: 8, status: 'pending', openUntil: null })
      arena().time.set(instant(Date.parse(start)))
      billing.state.mode = 'gone'
      assert.equal(await open()(userId), 'in', 'billing was asked after it happened')
    })
  })
})
