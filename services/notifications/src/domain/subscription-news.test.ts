import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import type { SubscriptionSnapshot } from '#contracts/billing'
import { newsOf, type ToldSubscription } from './subscription-news.ts'

type Seen = Pick<SubscriptionSnapshot, 'revision' | 'status' | 'openUntil'>
const later = '2026-04-01T00:00:00.000Z'
const life = (...statuses: SubscriptionSnapshot['status'][]): Seen[] =>
  statuses.map((status, n) => ({
    revision: n + 1,
    status,
    openUntil: status === 'pending' || statuses.every((one) => one === 'pending' || one === 'cancelled') ? null : later,
  }))
function newsFrom(seen: readonly Seen[]): string[] {
  let told: ToldSubscription | undefined
  return seen.flatMap((snapshot) => {
    const decided = newsOf(told, snapshot)
    told = decided?.told ?? told
    return decided?.news === undefined ? [] : [decided.news]
  })
}

it('a subscription is told when it opens and when it is over, and nothing between', () => {
  assert.deepEqual(newsFrom(life('pending', 'trialing', 'active', 'active', 'grace', 'active', 'grace', 'expired')), ['opened', 'ended'])
  assert.deepEqual(newsFrom(life('pending', 'active', 'cancelled')), ['opened', 'ended'])
  assert.deepEqual(newsFrom(life('active', 'expired', 'active')), ['opened', 'ended', 'opened'])
})
it('the end of what was never paid is no news', () => assert.deepEqual(newsFrom(life('pending', 'cancelled')), []))
it('in whatever order and however often snapshots come, openings and ends alternate and the last tells how it stands', () =>
  fc.assert(
    fc.property(
      fc
        .constant(life('pending', 'trialing', 'grace', 'expired', 'active', 'cancelled', 'active'))
        .chain((all) => fc.shuffledSubarray([...all, ...all], { minLength: 1 })),
      (seen) => {
        const news = newsFrom(seen)
        for (const [n, one] of news.entries()) assert.notEqual(one, news[n - 1])
        const newest = seen.reduce((a, b) => (b.revision > a.revision ? b : a))
        const isOpen = ['trialing', 'active', 'grace'].includes(newest.status)
        if (isOpen) assert.equal(news.at(-1), 'opened')
        else if (newest.status !== 'pending') assert.equal(news.at(-1), 'ended')
      },
    ),
  ))
