import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { request as forward } from 'undici'
import { routesOf, type ServiceName } from '#contracts/all'
import type { ErrorCode } from '#contracts/errors'
import type { RouteSpec } from '#contracts/route'
import { errorText } from '#kit/http-app'
import { openReach, type Reach } from '#kit/reach'
import type { Ids } from '#ports/clock'
import { openProxyTrust, plainAddress } from './proxy-trust.ts'
import type { StaticFiles } from './static-files.ts'
import { forwardUpgrade } from './upgrade.ts'

/**
 * The way in from outside: gives each request its id and the client's true address (what a client claims of either is thrown away; what a proxy says
 * that the operator has named is believed), sends it to the
 * service that owns the path (in this process, or over HTTP), and serves the web for the rest. `/internal/*` has no door here.
 */
export type Hosted = {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgradePath: string | undefined
  readonly upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined
}
export type FrontDoor = {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}
export type FrontDoorOptions = {
  readonly hosted: (service: ServiceName) => Hosted | undefined
  readonly peerUrls: Readonly<Record<string, string>>
  /** Addresses and CIDR blocks of the proxies in front. */
  readonly trustedProxies: readonly string[]
  readonly web: StaticFiles
  /** The page of the OpenAPI document, under /api/docs. */
  readonly docs: readonly StaticFiles[]
  readonly openApi: () => string
  readonly ids: Ids
}

/** Scripts and styles come from our own files only; what formulas need is set by script (ADR 0044). `'self'` covers the WebSocket in newer browsers, its address in older ones. */
const contentSecurityPolicy = (host: string) =>
  `default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'${/^[\w.:[\]-]{1,255}$/.test(host) ? ` ws://${host} wss://${host}` : ''}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`
type Header = readonly [string, string]
const everyHeader: readonly Header[] = [
  ['x-content-type-options', 'nosniff'],
  ['cross-origin-resource-policy', 'same-origin'],
]
/** What means something on a page. A first visit takes thirty files of the build, and half a kilobyte on each would be half a second of a slow line. */
const pageHeaders: readonly Header[] = [
  ['referrer-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), microphone=(), geolocation=()'],
  ['cross-origin-opener-policy', 'same-origin'],
]
const isBuiltFile = (path: string) => path.startsWith('/assets/')
/** Only the front door may say these to a service. */
const claims = ['x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'x-request-id']

const webSocketPath = '/api/ws'

export function openFrontDoor(options: FrontDoorOptions): FrontDoor {
  const owners = ownersByPath()
  const trust = openProxyTrust(options.trustedProxies)
  const reach = openReach()
  const admit = (request: IncomingMessage): string => {
    const requestId = options.ids.next()
    const peer = plainAddress(request.socket.remoteAddress)
    const client = trust.told(peer, request.headers) ?? {
      address: peer,
      isSecure: 'encrypted' in request.socket && request.socket.encrypted === true,
      host: undefined,
    }
    for (const claim of claims) delete request.headers[claim]
    request.headers['x-request-id'] = requestId
    request.headers['x-real-ip'] = client.address
    if (client.isSecure) request.headers['x-forwarded-proto'] = 'https'
    if (client.host !== undefined) request.headers.host = client.host
    return requestId
  }

  return {
    request(request, response) {
      const requestId = admit(request)
      response.setHeader('x-request-id', requestId)
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      for (const [name, value] of everyHeader) response.setHeader(name, value)
      if (!isBuiltFile(path)) {
        response.setHeader('content-security-policy', contentSecurityPolicy(request.headers.host ?? ''))
        for (const [name, value] of pageHeaders) response.setHeader(name, value)
      }
      if (path === '/api/openapi.json')
        return void response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }).end(options.openApi())
      const service = owners.get(prefixOf(path))
      if (service) return toService(service, { request, response, requestId, reach }, options)
      if (path === '/api/docs') {
        response.writeHead(308, { location: '/api/docs/' }).end()
        return
      }
      const files = path.startsWith('/api/docs/') ? options.docs : isApi(path) ? [] : [options.web]
      if (files.some((each) => each.serve(request, response))) return
      refuse(response, 'NOT_FOUND', requestId)
    },
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      admit(request)
      const path = (request.url ?? '/').split('?')[0]
      if (path !== webSocketPath) return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
      const hosted = options.hosted('notifications')
      if (hosted?.upgrade) return hosted.upgrade(request, socket, head)
      const url = options.peerUrls.notifications
      if (url) return forwardUpgrade(url, request, socket, head)
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n')
    },
  }
}

/** Every first two parts of a public path belong to one service: `/api/contests` → contest. */
function ownersByPath(): Map<string, ServiceName> {
  const owners = new Map<string, ServiceName>()
  for (const [service, table] of Object.entries(routesOf)) {
    for (const [key, spec] of Object.entries(table as Record<string, RouteSpec>)) {
      if (spec.access === 'service') continue
      const prefix = prefixOf(key.split(' ')[1] ?? '')
      const other = owners.get(prefix)
      if (other !== undefined && other !== service) throw new Error(`${prefix} is claimed by ${other} and ${service}`)
      owners.set(prefix, service as ServiceName)
    }
  }
  return owners
}
const prefixOf = (path: string) => path.split('/', 3).join('/')
const isApi = (path: string) => path.startsWith('/api') || path.startsWith('/internal') || path.startsWith('/.well-known')
type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly requestId: string; readonly reach: Reach }

function toService(service: ServiceName, exchange: Exchange, options: FrontDoorOptions): void {
  const hosted = options.hosted(service)
  if (hosted) {
    hosted.handle(exchange.request, exchange.response)
    return
  }
  const url = options.peerUrls[service]
  if (url) void proxy(url, exchange)
  else refuse(exchange.response, 'UNAVAILABLE', exchange.requestId)
}

async function proxy(url: string, { request, response, requestId, reach }: Exchange): Promise<void> {
  const { connection: _connection, 'transfer-encoding': _encoding, expect: _expect, ...headers } = request.headers
  const { url: target, options: how } = reach.to(url, request.url ?? '/')
  // dots in a path are resolved here and not in the services of this process: they must not lead to a door that is not this service's
  if (prefixOf(target.pathname) !== prefixOf(request.url?.split('?')[0] ?? '')) return refuse(response, 'NOT_FOUND', requestId)
  try {
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
    const answer = await forward(target, {
      method: (request.method ?? 'GET') as 'GET',
      headers,
      body: hasBody ? request : null,
      headersTimeout: 30_000,
      bodyTimeout: 60_000,
      ...how,
    })
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined && name !== 'connection' && name !== 'transfer-encoding') response.setHeader(name, value)
    response.writeHead(answer.statusCode)
    await pipeline(answer.body, response)
  } catch {
    if (response.headersSent) response.destroy()
    else refuse(response, 'UNAVAILABLE', requestId) // the service is not answering: said with its own code, the client retries
  }
}

function refuse(response: ServerResponse, code: ErrorCode, requestId: string) {
  const { status, body } = errorText(code, requestId)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(body)
}
