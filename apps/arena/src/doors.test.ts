import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseConfig } from '#kit/config'
import { openDoors } from './doors.ts'
import type { ChecksByService, Hosting } from './hosting.ts'
import { type Listener, listen } from './listener.ts'

describe('what whoever watches a process with single services asks', () => {
  let listener: Listener
  let stalled: string[] = []
  let isDraining = false
  let checks: ChecksByService = {}
  const hosting: Hosting = {
    get: () => undefined,
    checks: async () => checks,
    stalled: async () => stalled,
    isDraining: () => isDraining,
    drain: () => undefined,
    stop: async () => undefined,
  }
  before(async () => {
    listener = await listen({ host: '127.0.0.1', port: 0 })
    listener.open((await openDoors(parseConfig({}), hosting, Promise.resolve())).front)
  })
  after(() => listener.close(0))
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${listener.port}${path}`)
    return { status: answer.status, body: (await answer.json()) as { error?: { code: string; details?: unknown }; services?: unknown } }
  }

  it('alive: it answers, and nothing in it stands still', async () => {
    assert.equal((await get('/api/health')).status, 200)
    stalled = ['consumer user.events']
    const { status, body } = await get('/api/health')
    assert.deepEqual([status, body.error?.code, body.error?.details], [503, 'UNAVAILABLE', { stalled }])
    stalled = []
  })
  it('ready: every check holds', async () => {
    checks = { user: { database: { ok: true } } }
    assert.deepEqual(await get('/api/ready'), { status: 200, body: { services: checks } })
    checks = { user: { database: { ok: false, detail: 'the database does not answer' } } }
    assert.deepEqual(await get('/api/ready'), { status: 503, body: { services: checks } })
    checks = {}
  })
  it('not ready from the first moment of stopping, and alive all the same', async () => {
    isDraining = true
    assert.equal((await get('/api/ready')).status, 503)
    assert.equal((await get('/api/health')).status, 200)
    isDraining = false
  })
  it('an unknown path is told in the usual shape', async () => assert.equal((await get('/api/nothing')).body.error?.code, 'NOT_FOUND'))
})
