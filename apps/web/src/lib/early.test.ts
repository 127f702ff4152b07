import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeEarlyAnswer, takeEarlySession } from './early.ts'

const place = globalThis as { arenaEarly?: object }

test('what was asked for early is taken once', async () => {
  const answer = { path: '/api/contests/1', body: {}, sentAt: 1, receivedAt: 2 }
  place.arenaEarly = { session: Promise.resolve('token'), contest: Promise.resolve(answer) }
  assert.deepEqual([await takeEarlySession(), await takeEarlySession()], ['token', undefined])
  assert.equal(await takeEarlyAnswer('/api/contests'), undefined)
  assert.deepEqual([await takeEarlyAnswer('/api/contests/1'), await takeEarlyAnswer('/api/contests/1')], [answer, undefined])
})

test('another contest than the one asked for is asked for as always, and so is all without an early script', async () => {
  place.arenaEarly = { contest: Promise.resolve({ path: '/api/contests/1', body: {}, sentAt: 1, receivedAt: 2 }) }
  assert.equal(await takeEarlyAnswer('/api/contests/2'), undefined)
  delete place.arenaEarly
  assert.deepEqual([await takeEarlySession(), await takeEarlyAnswer('/api/contests/1')], [undefined, undefined])
})
