import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '#ports/log'

export type Listener = { close(): Promise<void> }

export type ListenerOptions = {
  readonly url: string
  readonly channels: readonly string[]
  readonly log: Log
  hear(channel: string, payload: string): void
  /** After every connection, the first included: what was told in between was not heard. */
  connected(): void
}

const longestPauseMs = 1_000

/**
 * One connection that listens, made anew whenever it is lost. Resolves when the first one listens.
 * @throws when the first cannot be had.
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const closing = new AbortController()
  let client = await connect(options)
  const keepOn = async () => {
    for (;;) {
      await lost(client, closing.signal)
      if (closing.signal.aborted) return
      options.log.debug({}, 'the listening connection was lost')
      const next = await reconnect(options, closing.signal)
      if (next === undefined) return
      client = next
    }
  }
  const running = keepOn()
  return {
    close: async () => {
      closing.abort()
      await running
      await client.end().catch(() => undefined) // it may be lost already
    },
  }
}

async function connect(options: ListenerOptions): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: options.url, application_name: 'arena_listener', keepAlive: true, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined) // `end` follows and is acted on
  client.on('notification', ({ channel, payload }) => options.hear(channel, payload ?? ''))
  try {
    await client.connect()
    await client.query(options.channels.map((channel) => `listen ${channel}`).join('; '))
  } catch (error) {
    await client.end().catch(() => undefined) // the failure above is what counts
    throw error
  }
  options.connected()
  return client
}

const lost = (client: pg.Client, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    client.once('end', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

async function reconnect(options: ListenerOptions, signal: AbortSignal): Promise<pg.Client | undefined> {
  for (let pause = 25; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await connect(options)
    } catch (error) {
      options.log.debug({ reason: error instanceof Error ? error.message : String(error) }, 'the bus cannot listen yet')
      await sleep(pause, undefined, { signal }).catch(() => undefined) // closing wakes it
    }
  }
  return undefined
}
