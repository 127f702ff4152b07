import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Connection } from 'rabbitmq-client'

/** An exclusive queue: whoever has it has the lock. It ends with its connection, so a dead owner keeps nobody. */
const lockQueue = 'arena.lock'
const lockWithinMs = 10_000

/** Runs work on a channel of its own while no other process does. @throws when others keep it for ten seconds, and what the work throws. */
export type Exclusively = <T>(work: (channel: Channel) => Promise<T>) => Promise<T>

/** For what must be taken out of a queue to be read: what one has taken out, another would not see. */
export function openLock(connection: Connection): Exclusively {
  // the lock is the connection's, so within it one after the other
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(() => locked(connection, work))
    last = done.catch(() => undefined)
    return done
  }
}

async function locked<T>(connection: Connection, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await lockedChannel(connection)
  try {
    return await work(channel)
  } finally {
    if (channel.active) await channel.queueDelete({ queue: lockQueue })
    await channel.close()
  }
}

async function lockedChannel(connection: Connection): Promise<Channel> {
  const giveUpAt = Date.now() + lockWithinMs
  for (;;) {
    const channel = await connection.acquire({ emitErrorsFromChannel: true })
    channel.on('error', () => undefined) // the call that it belongs to rejects
    try {
      await channel.queueDeclare({ queue: lockQueue, exclusive: true })
      return channel
    } catch (error) {
      await channel.close()
      if (codeOf(error) !== 'RESOURCE_LOCKED' || Date.now() > giveUpAt) throw error
      await sleep(10 + Math.random() * 30)
    }
  }
}

/** The broker's name of what was wrong, such as `NOT_FOUND`. */
export const codeOf = (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined)
