import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { leaderboardRoutes } from '#contracts/leaderboard'
import { ok } from '#kernel/result'
import { silentLog } from '#ports/log'
import { inTransactionScope } from '#ports/transaction-scope'
import { systemClock, systemIds } from '#testkit/real'
import { openTestIdentity } from '#testkit/tokens'
import { openAccessTokens } from './access-tokens.ts'
import { makeHttpApp } from './http-app.ts'
import { openPeers, type Peers } from './peers.ts'
import { deriveServiceKey, openServiceTokens } from './service-tokens.ts'

const key = 'GET /api/leaderboard/:contestId'
const contestId = '01890000-0000-7000-8000-000000000001'
const board = { contestId, revision: 1, format: 'icpc' as const, frozen: false, problems: [], total: 0, rows: [], serverNow: 'now' }

describe('peers', () => {
  let app: FastifyInstance
  let folder: string
  const servers: Server[] = []
  const peers: Record<string, Peers> = {}
  before(async () => {
    const identity = await openTestIdentity()
    // one route is called; every other must have somebody too
    const others = Object.keys(leaderboardRoutes).map((route) => [route, async () => ({ ok: false, error: { code: 'BOARD_NOT_FOUND' } })])
    const handlers = {
      ...Object.fromEntries(others),
      [key]: async ({ query }: { query: { top?: number } }) => {
        if (query.top === 1) return new Promise(() => {}) // never answers
        return query.top === 2 ? { ok: false, error: { code: 'BOARD_NOT_FOUND', details: { contestId } } } : ok(board)
      },
    }
    app = await makeHttpApp({
      service: 'leaderboard',
      handlers,
      tokens: openAccessTokens(async () => identity.jwks, systemClock),
      serviceSecret: 'x',
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
    })
    folder = await mkdtemp(join(tmpdir(), 'arena-peers-'))
    const serve = (place: string | number) =>
      new Promise<Server>((resolve) => {
        const server: Server = createServer((request, response) => app.routing(request, response)).listen(place, () => resolve(server))
        servers.push(server)
      })
    const port = ((await serve(0)).address() as AddressInfo).port
    await serve(join(folder, 's'))
    const tokens = openServiceTokens('test', deriveServiceKey('x', 'test'), systemClock)
    const open = (urls: Record<string, string>, hosted: FastifyInstance | undefined = undefined) => openPeers({ hosted: () => hosted, urls, tokens })
    peers.hosted = open({}, app)
    peers.http = open({ leaderboard: `http://127.0.0.1:${port}` })
    peers.unix = open({ leaderboard: `unix:${join(folder, 's')}` })
    peers.gone = open({ leaderboard: 'http://127.0.0.1:1' })
    peers.nobody = open({})
  })
  after(async () => {
    for (const each of Object.values(peers)) await each.close()
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    await app.close()
    await rm(folder, { recursive: true })
  })

  for (const way of ['hosted', 'http', 'unix']) {
    it(`answers alike when the peer is reached by ${way}`, async () => {
      const peer = peers[way] as Peers
      assert.deepEqual(await peer.call(key, { params: { contestId }, query: {} }), ok(board))
      assert.deepEqual(await peer.call(key, { params: { contestId }, query: { top: 2 } }), {
        ok: false,
        error: { code: 'BOARD_NOT_FOUND', details: { contestId } },
      })
      const misfit = await peer.call(key, { params: { contestId: 'no id' }, query: {} })
      assert.equal(misfit.ok === false && misfit.error.code, 'VALIDATION_FAILED')
    })
    it(`gives up at the deadline when reached by ${way}`, async () => {
      const late = await (peers[way] as Peers).call(key, { params: { contestId }, query: { top: 1 } }, { deadlineMs: 50 })
      assert.equal(late.ok === false && late.error.code, 'UNAVAILABLE')
    })
  }
  it('is UNAVAILABLE, not an exception, when nobody listens there', async () => {
    const gone = await (peers.gone as Peers).call(key, { params: { contestId }, query: {} })
    assert.equal(gone.ok === false && gone.error.code, 'UNAVAILABLE')
  })
  it('throws where it would be a mistake of ours: no address, or a call inside a transaction', async () => {
    await assert.rejects((peers.nobody as Peers).call(key, { params: { contestId }, query: {} }), /ARENA_PEER_LEADERBOARD_URL/)
    await assert.rejects(
      inTransactionScope(() => (peers.hosted as Peers).call(key, { params: { contestId }, query: {} })),
      /inside a transaction/,
    )
  })
})
