import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '#kit/config'
import type { Hosting } from './hosting.ts'
import type { Listener } from './listener.ts'

/**
 * The first step of stopping. Readiness turns false; for ARENA_DRAIN_SECONDS all is served as before, so that whoever balances the load looks elsewhere;
 * then no connection is taken, each one ends with its next answer, and the requests under way are waited for. Services are stopped after this.
 */
export async function leaveService(listener: Listener, hosting: Hosting, config: Config): Promise<void> {
  hosting.drain()
  if (config.drainMs > 0) await pause(config.drainMs)
  await listener.drain()
}
