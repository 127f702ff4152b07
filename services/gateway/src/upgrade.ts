import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { socketPathOf } from '#kit/reach'

/** Pipes a WebSocket upgrade to the service that lives elsewhere: the one thing that neither `inject` nor a plain proxy carries. */
export function forwardUpgrade(url: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const peer = connect(addressOf(url))
  const close = () => {
    socket.destroy()
    peer.destroy()
  }
  peer.once('connect', () => {
    const headers = Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`)))
    peer.write([`GET ${request.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'))
    peer.write(head)
    peer.pipe(socket).pipe(peer)
  })
  peer.on('error', close)
  socket.on('error', close)
  socket.on('close', close)
}

function addressOf(url: string) {
  const path = socketPathOf(url)
  if (path !== undefined) return { path }
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) }
}
