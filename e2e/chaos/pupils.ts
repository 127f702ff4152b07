/**
 * The load: pupils who hand in as a real client does. A 202 is remembered; a lost connection, a 5xx and a full bound of pending ones mean: again in a
 * moment, with the same Idempotency-Key; an expired token means a new log-in. A gate keeps the load beside the faults, so that each of them meets some.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ArenaClient, openArenaClient } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { type Listener, openListener, type ProgressHeard } from './listener.ts'
import type { Planned } from './work.ts'

export type Accepted = Planned & { readonly id: string; readonly userId: string }
export type Ledger = {
  readonly accepted: Accepted[]
  /** What came instead of a 202, by status or `no answer`. */
  readonly refusals: Map<string, number>
  /** Promises broken while it went. */
  readonly broken: string[]
  readonly progress: Set<(heard: ProgressHeard) => void>
}
export type Pupil = {
  readonly client: ArenaClient
  readonly listener: Listener
  /** Resolves when it has its 202. */
  handIn(planned: Planned): Promise<Accepted>
}

/** Nothing that is done to the arena lasts so long. */
const patienceMs = 240_000
const pauseMs = 50

export const emptyLedger = (): Ledger => ({ accepted: [], refusals: new Map(), broken: [], progress: new Set() })

/** A new account that has joined the contests, with a socket. */
export async function enrol(url: string, contestIds: readonly string[], ledger: Ledger): Promise<Pupil> {
  const client = openArenaClient(() => url)
  await eventually(() => client.register(), patienceMs)
  for (const id of contestIds) await eventually(() => client.join(id), patienceMs)
  const login = openLogin(url, client)
  const listener = openListener({
    url,
    token: async (isRefused) => {
      if (isRefused) await login()
      return client.token
    },
    onProgress: (heard) => {
      for (const hear of ledger.progress) hear(heard)
    },
  })
  return { client, listener, handIn: (planned) => handIn(planned, { client, login, ledger }) }
}

/** A new token for `client`, one at a time, whoever asks. By another client, since a log-in that shows an expired token is refused. */
export function openLogin(url: string, client: ArenaClient): () => Promise<void> {
  let going: Promise<void> | undefined
  const login = async () => {
    const { token } = await openArenaClient(() => url).login(client.user.username as string, client.password)
    client.token = token
  }
  return () => {
    going ??= login().finally(() => {
      going = undefined
    })
    return going
  }
}

type HandingIn = { readonly client: ArenaClient; readonly login: () => Promise<void>; readonly ledger: Ledger }

async function handIn(planned: Planned, { client, login, ledger }: HandingIn): Promise<Accepted> {
  const id = await untilAccepted(planned, { client, login, ledger })
  const accepted = { ...planned, id, userId: client.user.id }
  ledger.accepted.push(accepted)
  if (planned.isDoubled) {
    const again = await untilAccepted(planned, { client, login, ledger })
    if (again !== id) ledger.broken.push(`${planned.key} was accepted as ${id} and, asked again, as ${again}`)
  }
  return accepted
}

async function untilAccepted({ key, body }: Planned, { client, login, ledger }: HandingIn): Promise<string> {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const answer = await client.call('POST /api/submit', { body, headers: { 'idempotency-key': key } }).catch(() => undefined)
    if (answer?.status === 202) return answer.body.id
    const said = answer === undefined ? 'no answer' : String(answer.status)
    ledger.refusals.set(said, (ledger.refusals.get(said) ?? 0) + 1)
    if (answer?.status === 401) await login().catch(() => undefined)
    else assert.ok(answer === undefined || answer.status === 429 || answer.status >= 500 || isEarly(answer.body), `${key}: ${answer?.status} ${answer?.text}`)
    assert.ok(Date.now() < giveUpAt, `${key} was not accepted within ${patienceMs} ms: ${said} ${answer?.text ?? ''}`)
    await sleep(pauseMs)
  }
}

/** The submission service may not have heard of a contest or registration that is brand new. */
const isEarly = (body: { error?: { code?: string } } | undefined) =>
  ['NOT_REGISTERED', 'CONTEST_NOT_FOUND', 'PROBLEM_NOT_FOUND'].includes(body?.error?.code ?? '')

/** Lets the n-th submission pass once the bound is at n. */
export function openGate() {
  let bound = 0
  let passed = 0
  let moved = Promise.withResolvers<void>()
  return {
    async pass() {
      const turn = ++passed
      while (turn > bound) await moved.promise
    },
    raise(to: number) {
      bound = Math.max(bound, to)
      moved.resolve()
      moved = Promise.withResolvers()
    },
  }
}
