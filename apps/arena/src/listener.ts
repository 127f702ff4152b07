import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ConfigError } from '#kit/config'

export type Doorway = {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}
export type Listener = {
  readonly port: number
  /** Until the first call everybody is told to come again in a moment. */
  open(doorway: Doorway): void
  /**
   * Takes no new connection and lets each one go with its next answer. Resolves when no request is under way, after `graceMs` at the latest; sockets of
   * upgrades are not waited for, since who holds them closes them. Idempotent.
   */
  drain(graceMs?: number): Promise<void>
  /** Drains, then cuts off what is left. */
  close(graceMs?: number): Promise<void>
}
export type Place = { readonly host: string; readonly port: number } | { readonly socket: string }

const standardGraceMs = 5_000

const starting: Doorway = {
  request: (_request, response) =>
    void response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1', refresh: '1' }).end('Competa Arena is starting …\n'),
}

/** Takes the address at once, so that a port in use is told before anything else is done. @throws ConfigError with what to do. */
export async function listen(place: Place): Promise<Listener> {
  let doorway = starting
  const exchanges = openExchanges()
  const upgraded = new Set<Duplex>()
  const server = createServer({ requestTimeout: 120_000, headersTimeout: 30_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }, (request, response) => {
    exchanges.add(response)
    doorway.request(request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    socket.on('error', () => socket.destroy()) // nobody else listens yet, and unheard it would end the process
    if (doorway.upgrade) doorway.upgrade(request, socket, head)
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n')
  })
  if ('socket' in place) await rm(place.socket, { force: true })
  await take(server, place)
  if ('socket' in place) await chmod(place.socket, 0o600)
  const address = server.address()
  let closed: Promise<void> | undefined
  const drain = (graceMs = standardGraceMs) => {
    closed ??= new Promise((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    return exchanges.finish(graceMs)
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    open: (next) => {
      doorway = next
    },
    drain,
    async close(graceMs = standardGraceMs) {
      await drain(graceMs)
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}

/** The answers under way, so that a door can be closed between two requests and not within one. */
function openExchanges() {
  const open = new Set<ServerResponse>()
  let isLast = false
  let empty: () => void = () => undefined
  return {
    add(response: ServerResponse) {
      open.add(response)
      if (isLast) response.shouldKeepAlive = false
      response.once('close', () => {
        open.delete(response)
        if (open.size === 0) empty()
      })
    },
    /** From now on each connection ends with its answer. @returns when there is none under way, or `graceMs` are over. */
    finish(graceMs: number): Promise<void> {
      isLast = true
      for (const response of open) response.shouldKeepAlive = false
      if (open.size === 0) return Promise.resolve()
      return new Promise((resolve) => {
        const late = setTimeout(resolve, graceMs)
        empty = () => {
          clearTimeout(late)
          resolve()
        }
      })
    },
  }
}

function take(server: Server, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(explained(cause, place)))
    const taken = () => {
      server.removeAllListeners('error')
      resolve()
    }
    if ('socket' in place) server.listen(place.socket, taken)
    else server.listen(place.port, place.host, 1024, taken)
  })
}

function explained(cause: NodeJS.ErrnoException, place: Place): Error {
  if ('socket' in place) return cause
  if (cause.code === 'EADDRINUSE')
    return new ConfigError(`Port ${place.port} is in use by another program (or another arena). Try: npm start -- --port ${place.port + 1}`)
  if (cause.code === 'EACCES') return new ConfigError(`Port ${place.port} may only be taken by root. Try: npm start -- --port 8080`)
  if (cause.code === 'EADDRNOTAVAIL') return new ConfigError(`ARENA_HOST is ${place.host}, which is no address of this machine`)
  return cause
}
