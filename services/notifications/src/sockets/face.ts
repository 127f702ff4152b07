import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { closeCodes } from '#contracts/notifications'
import type { AccessTokens } from '#kit/access-tokens'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { openConnection } from './connection.ts'
import { openFollowers } from './followers.ts'
import { openHub } from './hub.ts'
import { limits } from './limits.ts'

/**
 * The WebSocket face: takes over upgraded sockets. A browser may come from the page's own host alone (its Origin equals the Host it asked for), since a
 * foreign page could else use a visitor's network; programs send no Origin. Compression is off: messages are small, and its memory per socket is not.
 */
export type Deps = { readonly db: Db; readonly clock: Clock; readonly tokens: AccessTokens; readonly log: Log }
const stopWithinMs = 1_500
/** The replicas that are left must take the sockets of one that stops: a thousand and a half a second, over within the 10 s that are promised. */
const spreadOf = (sockets: number) => Math.min(10_000, 300 + (sockets * 2) / 3)

export function openFace(deps: Deps) {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: limits.messageBytes })
  const hub = openHub(openFollowers(deps))
  let isStopping = false
  let cancelBeat: () => void = () => undefined
  const beat = () => {
    cancelBeat = deps.clock.after(limits.heartbeat, () => {
      for (const connection of hub.all()) connection.beat()
      beat()
    })
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = addressOf(request)
    if (!isOwnOrigin(request.headers)) return refuse(socket, '403 Forbidden')
    if (isStopping || !hub.hasRoom(address)) return refuse(socket, '503 Service Unavailable')
    server.handleUpgrade(request, socket, head, (ws) => openConnection({ ws, stream: socket }, deps, (connection) => hub.join(connection, address)))
  }
  /** Each after a delay of its own. */
  const comeAgain = () => {
    const spreadMs = spreadOf(hub.size)
    for (const connection of hub.all()) connection.close(closeCodes.comeAgain, `retry ${Math.round(Math.random() * spreadMs)}`)
  }
  return {
    hub,
    upgrade,
    comeAgain,
    start: beat,
    /** Tells everybody to come again and cuts off who does not answer. */
    async stop() {
      isStopping = true
      cancelBeat()
      comeAgain()
      for (const giveUpAt = Date.now() + stopWithinMs; hub.size > 0 && Date.now() < giveUpAt; ) await pause(10)
      for (const connection of hub.all()) connection.cut()
    },
  }
}

function isOwnOrigin(headers: IncomingMessage['headers']): boolean {
  if (headers.origin === undefined) return true
  try {
    return new URL(headers.origin).host === headers.host?.toLowerCase()
  } catch {
    return false // `null` (a sandboxed page, a file) and anything else that is no URL
  }
}

/** As the kit does for requests: the front door's word, else the connection's own address. */
const addressOf = (request: IncomingMessage): string => {
  const told = request.headers['x-real-ip']
  return typeof told === 'string' ? told : (request.socket.remoteAddress ?? 'unknown')
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
