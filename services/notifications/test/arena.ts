import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { v7 } from 'uuid'
import { type ClientOptions, WebSocket } from 'ws'
import type { Role } from '#contracts/common'
import { type ContestSnapshot, contestPublished, registrationChanged } from '#contracts/contest'
import type { JudgedFact } from '#contracts/submission'
import { eventually } from '#testkit/eventually'
import { type FakeClock, fakeClock } from '#testkit/fake-clock'
import { startService } from '#testkit/service-harness'
import { notificationsService } from '../src/service.ts'

export const startsAt = '2026-03-01T09:00:00.000Z'
export const at = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
type Message = Record<string, unknown> & { type: string }

/** The service behind a real HTTP server, with real sockets and a clock of its own. */
export async function openArena(overrides: Parameters<typeof startService>[1] = {}) {
  const clock = fakeClock(at(10))
  const harness = await startService(notificationsService, { clock, ...overrides })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => harness.upgrade?.(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/ws`
  const sockets: WebSocket[] = []

  const token = (userId: string, more: { role?: Role; sessionId?: string } = {}) =>
    harness.tokenFor({ userId, issuedAt: new Date(clock.now()), ...more }).then((made) => made.token)
  const dial = (options: ClientOptions = {}) => {
    const ws = new WebSocket(url, options)
    sockets.push(ws)
    return clientOf(ws)
  }
  return {
    ...harness,
    clock: clock as FakeClock,
    url,
    token,
    dial,
    /** A socket that is ready. */
    async enter(userId: string, more: { role?: Role; sessionId?: string } = {}) {
      const client = dial()
      await client.opened
      client.send({ type: 'auth', token: await token(userId, more) })
      await client.heard('ready')
      return client
    },
    async contest(more: Partial<ContestSnapshot> = {}, registered: readonly string[] = []) {
      const snapshot = aContest(more)
      await harness.publish(contestPublished, snapshot)
      for (const userId of registered) await harness.publish(registrationChanged, { contestId: snapshot.contestId, userId, startedAt: startsAt, endsAt: null })
      return snapshot
    },
    async stop() {
      await harness.stop()
      for (const ws of sockets) ws.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}
export type Arena = Awaited<ReturnType<typeof openArena>>

function clientOf(ws: WebSocket) {
  const messages: Message[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) => ws.on('close', (code, reason) => resolve({ code, reason: String(reason) })))
  const refused = new Promise<number>((resolve) => ws.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0)))
  ws.on('message', (data) => messages.push(JSON.parse(String(data)) as Message))
  ws.on('error', () => undefined)
  let pings = 0
  ws.on('ping', () => {
    pings += 1
  })
  return {
    ws,
    messages,
    closed,
    refused,
    pings: () => pings,
    opened: new Promise<void>((resolve) => ws.on('open', () => resolve())),
    send: (message: unknown) => ws.send(typeof message === 'string' ? message : JSON.stringify(message)),
    /** The first message of a type, waited for. */
    heard: (type: string) =>
      eventually(() => {
        const message = messages.find((one) => one.type === type)
        assert.ok(message, `${type} among ${JSON.stringify(messages.map((one) => one.type))}`)
        return message
      }),
    /** All that was said before the answer to a ping sent now: for what must not come. */
    async soFar() {
      const pongs = messages.filter((one) => one.type === 'pong').length
      ws.send('{"type":"ping"}')
      await eventually(() => assert.equal(messages.filter((one) => one.type === 'pong').length, pongs + 1))
      return messages.filter((one) => one.type !== 'pong' && one.type !== 'ready' && one.type !== 'subscribed')
    },
  }
}

const aContest = (more: Partial<ContestSnapshot> = {}): ContestSnapshot => ({
  contestId: v7(),
  revision: 1,
  title: 'Kigali Open',
  subject: 'physics',
  format: 'icpc',
  timing: 'window',
  startsAt,
  endsAt: at(120),
  durationMinutes: null,
  freezeAt: null,
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: v7(),
  archived: false,
  deleted: false,
  problems: [],
  ...more,
})

export const aVerdict = (userId: string, more: Partial<JudgedFact> = {}): JudgedFact => ({
  submissionId: v7(),
  attempt: 1,
  userId,
  contestId: null,
  problemId: v7(),
  label: 'A',
  kind: 'program',
  verdict: 'AC',
  score: 100,
  submittedAt: at(5),
  judgedAt: at(6),
  held: false,
  ...more,
})
