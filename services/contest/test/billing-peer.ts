import type { FastifyInstance } from 'fastify'
import type { Plan } from '#contracts/billing'
import { billingRoutes } from '#contracts/billing'
import { fail, ok } from '#kernel/result'
import { openAccessTokens } from '#kit/access-tokens'
import { makeHttpApp } from '#kit/http-app'
import { openPeers, type Peers } from '#kit/peers'
import { deriveServiceKey, openServiceTokens } from '#kit/service-tokens'
import { silentLog } from '#ports/log'
import { systemClock, systemIds } from '#testkit/real'

const secret = 'what contest and billing share in these tests'
const entitlement = 'GET /internal/entitlements/:userId'
export const plan: Plan = {
  id: '01890000-0000-7000-8000-00000000000a',
  name: 'A year of contests',
  description: '',
  features: ['Premium contests'],
  grants: ['premium-contests'],
  audience: 'person',
  periodMonths: 12,
  trialDays: 0,
  graceDays: 7,
  seats: null,
  prices: [{ currency: 'RWF', amount: 5000 }],
  active: true,
}
type Subscribed = { readonly until: string; readonly subscriptionId: string }

/**
 * Billing as the contest service meets it: the real contract with its token, its schema and the deadlines of real peers; only what it answers is made up.
 * `answers`: as it should. `fails`: it is there, its database is not. `gone`: nobody listens. `hangs`: it never answers. `waits`: not before `release`.
 */
export async function openBillingPeer() {
  const subscribed = new Map<string, Subscribed>()
  const asked: string[] = []
  const state: { mode: 'answers' | 'fails' | 'gone' | 'hangs' | 'waits'; release: () => void } = { mode: 'answers', release: () => undefined }
  const answer = async ({ params }: { params: { userId: string } }) => {
    asked.push(params.userId)
    if (state.mode === 'fails') return fail({ code: 'UNAVAILABLE' })
    if (state.mode === 'hangs') return new Promise(() => undefined)
    const found = subscribed.get(params.userId)
    const said = { active: found !== undefined, until: found?.until ?? null, subscriptionId: found?.subscriptionId ?? null }
    if (state.mode === 'waits') await new Promise<void>((resolve) => Object.assign(state, { release: resolve }))
    return ok({ ...said, plans: [plan], serverNow: new Date().toISOString() })
  }
  const handlers = Object.fromEntries(Object.keys(billingRoutes).map((key) => [key, key === entitlement ? answer : () => Promise.reject(new Error(key))]))
  const app: FastifyInstance = await makeHttpApp({
    service: 'billing',
    handlers,
    tokens: openAccessTokens(async () => ({ keys: [] }), systemClock),
    serviceSecret: secret,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  })
  const real = openPeers({
    hosted: (service) => (service === 'billing' && state.mode !== 'gone' ? app : undefined),
    urls: { billing: 'http://127.0.0.1:1' },
    tokens: openServiceTokens('contest', deriveServiceKey(secret, 'contest'), systemClock),
  })
  const deadlines: (number | undefined)[] = []
  const peers: Peers = {
    ...real,
    call: (key, input, options = {}) => {
      deadlines.push(options.deadlineMs)
      // a machine that stands still for two seconds is not a billing that hangs
      return real.call(key, input, state.mode === 'hangs' ? options : { ...options, deadlineMs: 60_000 })
    },
  }
  return {
    peers,
    subscribed,
    state,
    /** Whom billing was asked about and heard of it, in order. */
    asked,
    /** Of all peer calls tried, also those that reached nobody: how long they were to wait, in milliseconds. */
    deadlines,
    async close() {
      await real.close()
      await app.close()
    },
  }
}
export type BillingPeer = Awaited<ReturnType<typeof openBillingPeer>>
