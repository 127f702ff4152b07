import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Ms, seconds } from '#kernel/units'
import type { Cache } from '#ports/cache'

/** `advance` moves the time the cache goes by. Keys are the suite's own: several suites may share a server. */
export type CacheSubject = { readonly cache: Cache; advance(by: Ms): Promise<void> | void }

export const cacheSuite = (name: string, open: () => Promise<CacheSubject>) =>
  describe(`${name} keeps the Cache promise`, () => {
    it('gives back what was set until its time is over', async () => {
      const { cache, advance } = await open()
      await cache.set('greeting', 'muraho', seconds(100))
      assert.equal(await cache.get('greeting'), 'muraho')
      await advance(seconds(90))
      assert.equal(await cache.get('greeting'), 'muraho')
      await advance(seconds(20))
      assert.equal(await cache.get('greeting'), undefined)
    })

    it('a later set replaces, a delete forgets', async () => {
      const { cache } = await open()
      await cache.set('a', '1', seconds(100))
      await cache.set('a', '2', seconds(100))
      assert.equal(await cache.get('a'), '2')
      await cache.delete('a')
      await cache.delete('never-there')
      assert.equal(await cache.get('a'), undefined)
    })

    it('hits within the budget wait for nothing; the next waits until the oldest has left the window', async () => {
      const { cache, advance } = await open()
      assert.equal(await cache.hit('login', 2, seconds(100)), 0)
      await advance(seconds(40))
      assert.equal(await cache.hit('login', 2, seconds(100)), 0)
      const wait = await cache.hit('login', 2, seconds(100))
      assert.ok(wait > 50_000 && wait <= 60_000, `waits ${wait} ms`)
      await advance(seconds(65))
      assert.equal(await cache.hit('login', 2, seconds(100)), 0)
    })

    it('a refused hit costs nothing: who keeps knocking is let in when the window has passed', async () => {
      const { cache, advance } = await open()
      await cache.hit('knock', 1, seconds(100))
      for (let i = 0; i < 9; i += 1) {
        await advance(seconds(10))
        assert.notEqual(await cache.hit('knock', 1, seconds(100)), 0)
      }
      await advance(seconds(15))
      assert.equal(await cache.hit('knock', 1, seconds(100)), 0)
    })

    it('budgets of different keys do not touch each other', async () => {
      const { cache } = await open()
      assert.equal(await cache.hit('kigali', 1, seconds(100)), 0)
      assert.equal(await cache.hit('huye', 1, seconds(100)), 0)
    })
  })
