/**
 * A TCP proxy that breaks on purpose: what a network does to a client, without touching the server behind it. Bytes go through unchanged; the mode
 * says how. A change of mode holds for the connections there are as well as for new ones.
 */
import { createConnection, createServer, type Socket } from 'node:net'
import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

export type FaultMode =
  /** As if it were not there. */
  | { readonly kind: 'forward' }
  /** Connections stay open and no byte passes in either direction, until another mode: then all that waited goes on. */
  | { readonly kind: 'stall' }
  /** Each connection, each direction: so many bytes a second, each chunk so much later. Without a number: no bound, no delay. */
  | { readonly kind: 'slow'; readonly bytesPerSecond?: number; readonly latencyMs?: number }
  /** Every new connection is reset; the ones there are go on. */
  | { readonly kind: 'refuse' }

export type FaultProxy = {
  readonly host: string
  readonly port: number
  /** Connections at this moment. */
  readonly connections: number
  mode(mode: FaultMode): void
  /** Ends every connection with a reset, on both sides, in the middle of whatever it was doing. */
  resetAll(): void
  close(): Promise<void>
}

/** Between a client and a server at `host` and `port`. Listens on a free port of 127.0.0.1 and starts as `forward`. */
export async function openFaultProxy(target: { readonly host: string; readonly port: number }): Promise<FaultProxy> {
  const state = openModeState()
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((client) => {
    if (state.current().kind === 'refuse') {
      client.on('error', () => undefined) // it is being reset
      return void client.resetAndDestroy()
    }
    const upstream = createConnection(target)
    const pair = [client, upstream] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.setNoDelay(true)
      // a close or an error of one side ends the other; its own `close` follows every error
      from.on('error', () => undefined).on('close', end)
      from.pipe(faulty(state)).pipe(to)
    }
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const resetAll = () => {
    for (const [client, upstream] of [...pairs]) {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
  }
  return {
    host: '127.0.0.1',
    port: address.port,
    get connections() {
      return pairs.size
    },
    mode: state.set,
    resetAll,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      state.set({ kind: 'forward' })
      for (const pair of [...pairs]) for (const socket of pair) socket.destroy()
      await closed
    },
  }
}

type ModeState = ReturnType<typeof openModeState>

function openModeState() {
  let mode: FaultMode = { kind: 'forward' }
  let changed = Promise.withResolvers<void>()
  return {
    current: () => mode,
    /** Resolves at the next change. */
    change: () => changed.promise,
    set: (next: FaultMode) => {
      mode = next
      changed.resolve()
      changed = Promise.withResolvers()
    },
  }
}

/** One direction of one connection. A slow one sleeps for what each chunk costs, so a queue builds up in front of it as in a real line. */
function faulty(state: ModeState): Transform {
  const pass = async (chunk: Buffer) => {
    while (state.current().kind === 'stall') await state.change()
    const mode = state.current()
    if (mode.kind !== 'slow') return chunk
    const costMs = (mode.latencyMs ?? 0) + (mode.bytesPerSecond === undefined ? 0 : (chunk.length * 1000) / mode.bytesPerSecond)
    await Promise.race([sleep(costMs, undefined, { ref: false }), state.change()])
    return chunk
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      if (state.current().kind === 'forward' || state.current().kind === 'refuse') done(null, chunk)
      else pass(chunk).then((passed) => done(null, passed), done)
    },
  })
}
