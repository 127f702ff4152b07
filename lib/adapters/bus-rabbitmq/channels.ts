import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Connection } from 'rabbitmq-client'
import type { Log } from '#ports/log'
import { messageOf } from '../bus-consuming.ts'

export type KeptChannel = {
  /** Undefined while there is none. */
  readonly current: Channel | undefined
  /** As soon as there is one. @throws after five seconds without, and when closed. */
  ready(): Promise<Channel>
  /** Gives up the present one, with all that was not answered on it; the next is on its way. */
  renew(): void
  /** Ends it in order: what was sent on it has arrived, as far as the broker answers within two seconds. Idempotent. */
  close(): Promise<void>
}

export type ChannelOptions = {
  readonly connection: Connection
  readonly log: Log
  /** What it is for, in the log. */
  readonly name: string
  /** Runs on every new one before anybody gets it. */
  setUp(channel: Channel): Promise<void>
  /** One that was set up is gone, with all that was delivered on it. */
  lost?(): void
}

const readyWithinMs = 5_000
const closeWithinMs = 2_000
const firstPauseMs = 50
const longestPauseMs = 2_000

/** One channel, made anew whenever it or its connection is lost, with growing pauses while that fails. */
export function keepChannel(options: ChannelOptions): KeptChannel {
  const { connection, log, name } = options
  const closing = new AbortController()
  let current: Channel | undefined
  let opened = Promise.withResolvers<Channel>()
  opened.promise.catch(() => undefined) // looked at by whoever waits

  const live = async (): Promise<void> => {
    const channel = await connection.acquire({ emitErrorsFromChannel: true })
    channel.setMaxListeners(0)
    channel.on('error', (error: unknown) => log.warn({ channel: name, reason: messageOf(error) }, 'the broker closed a channel'))
    // a queue that was deleted under its consumer: nothing would come any more
    channel.on('basic.cancel', () => void channel.close())
    const closed = new Promise<void>((resolve) => channel.once('close', resolve))
    try {
      await options.setUp(channel)
    } catch (error) {
      await channel.close()
      throw error
    }
    if (closing.signal.aborted) return channel.close()
    current = channel
    opened.resolve(channel)
    await closed
    current = undefined
    opened = Promise.withResolvers()
    opened.promise.catch(() => undefined)
    options.lost?.()
  }
  const keepOn = async () => {
    for (let pause = firstPauseMs; !closing.signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
      try {
        await live()
        pause = firstPauseMs
      } catch (error) {
        log.debug({ channel: name, reason: messageOf(error) }, 'a channel could not be opened; trying again')
      }
      await sleep(pause * (0.5 + Math.random()), undefined, { signal: closing.signal }).catch(() => undefined) // closing wakes it
    }
    opened.reject(new Error(`the channel for ${name} is closed`))
  }
  const running = keepOn()
  const end = async () => {
    closing.abort()
    await Promise.race([current?.close(), sleep(closeWithinMs, undefined, { ref: false })])
    await Promise.race([running, sleep(closeWithinMs, undefined, { ref: false })])
  }
  let ended: Promise<void> | undefined
  return {
    get current() {
      return current?.active ? current : undefined
    },
    ready: () => within(readyWithinMs, opened.promise, `no connection to the broker for ${name}`),
    renew: () => void current?.close(),
    close: () => (ended ??= end()),
  }
}

/** @throws an error of this text when `promise` is not settled in time. */
export async function within<T>(limitMs: number, promise: Promise<T>, text: string): Promise<T> {
  const timer = Promise.withResolvers<never>()
  const timeout = setTimeout(() => timer.reject(new Error(`${text} within ${limitMs / 1_000} s`)), limitMs)
  try {
    return await Promise.race([promise, timer.promise])
  } finally {
    clearTimeout(timeout)
  }
}
