import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { systemIds } from '#adapters/clock-system'
import { routesOf, type ServiceName } from '#contracts/all'
import type { ErrorDetails } from '#contracts/errors'
import type { Config } from '#kit/config'
import { errorText } from '#kit/http-app'
import { openFrontDoor } from '#services/gateway/src/front-door'
import { openApiDocument } from '#services/gateway/src/openapi'
import { openProxyTrust, plainAddress } from '#services/gateway/src/proxy-trust'
import { loadStaticFiles, type StaticFiles } from '#services/gateway/src/static-files'
import type { Hosting } from './hosting.ts'
import type { Doorway } from './listener.ts'
import { webRoot } from './web-build.ts'

/** `front` is for everybody; `inner` (a private socket, or the network of the containers) knows each hosted service's routes, the internal ones too. */
export type Doors = { readonly front: Doorway; readonly inner: Doorway }

export async function openDoors(config: Config, hosting: Hosting, building: Promise<void>): Promise<Doors> {
  const inner = withHealth(hosting, behindProxies(config.trustedProxies, innerDoor(hosting)))
  if (!hosting.get('gateway')) return { front: inner, inner }
  await building
  const document = JSON.stringify(openApiDocument('1'))
  const front = openFrontDoor({
    hosted: (name) => {
      const service = hosting.get(name)
      return service && { handle: (request, response) => service.app.routing(request, response), upgradePath: service.upgradePath, upgrade: service.upgrade }
    },
    peerUrls: config.peerUrls,
    trustedProxies: config.trustedProxies,
    web: await loadStaticFiles(webRoot, { prefix: '/', fallback: 'index.html' }),
    docs: await apiPage(),
    openApi: () => document,
    ids: systemIds,
  })
  return { front: withHealth(hosting, front), inner }
}

/**
 * What whoever watches the process asks. `/api/health` fails when it should be started again: it answers, but something in it stands still.
 * `/api/ready` fails from the first moment of stopping, so that no new work is sent here. All else, and these two in good days, goes to `door`.
 */
function withHealth(hosting: Hosting, door: Doorway): Doorway {
  const refuse = (response: ServerResponse, details: ErrorDetails) => {
    const { status, body } = errorText('UNAVAILABLE', systemIds.next(), details)
    answerJson(response, status, body)
  }
  const watch = async (request: IncomingMessage, response: ServerResponse) => {
    const stalled = await hosting.stalled()
    if (stalled.length > 0) refuse(response, { stalled })
    else door.request(request, response)
  }
  return {
    ...door,
    request: (request, response) => {
      const path = (request.url ?? '/').split('?')[0]
      if (path === '/api/health') void watch(request, response)
      else if (path === '/api/ready' && hosting.isDraining()) refuse(response, { stopping: true })
      else door.request(request, response)
    },
  }
}

/** The OpenAPI page: Swagger UI's own files, and two of ours that point it at our document. */
async function apiPage(): Promise<StaticFiles[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  return [
    await loadStaticFiles(join(import.meta.dirname, '..', 'api-docs'), { prefix: '/api/docs/' }),
    await loadStaticFiles(folder, { prefix: '/api/docs/', only: ['swagger-ui.css', 'swagger-ui-bundle.js'] }),
  ]
}

/** A proxy may lead straight to a service, past the front door: where it is one of ours, who it says the client is holds here too. */
function behindProxies(blocks: readonly string[], door: Doorway): Doorway {
  const trust = openProxyTrust(blocks)
  const admit = (request: IncomingMessage) => {
    const client = trust.told(plainAddress(request.socket.remoteAddress), request.headers)
    if (!client) return
    request.headers['x-real-ip'] = client.address
    request.headers['x-forwarded-proto'] = client.isSecure ? 'https' : 'http'
    if (client.host !== undefined) request.headers.host = client.host
  }
  return {
    request: (request, response) => {
      admit(request)
      door.request(request, response)
    },
    upgrade: (request, socket, head) => {
      admit(request)
      door.upgrade?.(request, socket, head)
    },
  }
}

function innerDoor(hosting: Hosting): Doorway {
  const owners = new Map(
    Object.entries(routesOf).flatMap(([service, table]) =>
      Object.keys(table).map((key) => [prefixOf(key.split(' ')[1] ?? ''), service as ServiceName] as const),
    ),
  )
  return {
    request: (request: IncomingMessage, response: ServerResponse) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      const service = hosting.get(owners.get(prefixOf(path)) ?? 'gateway')
      if (service) return service.app.routing(request, response)
      if (path === '/api/ready') void tellChecks(hosting, response)
      else if (path === '/api/health') answerJson(response, 200, '{"status":"ok"}')
      else {
        const { status, body } = errorText('NOT_FOUND', systemIds.next())
        answerJson(response, status, body)
      }
    },
    upgrade: (request, socket, head) => {
      const service = hosting.get('notifications')
      if (service?.upgrade && request.url?.split('?')[0] === service.upgradePath) service.upgrade(request, socket, head)
      else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
    },
  }
}
async function tellChecks(hosting: Hosting, response: ServerResponse) {
  try {
    const services = await hosting.checks()
    const isReady = Object.values(services).every((checks) => Object.values(checks).every(({ ok }) => ok))
    answerJson(response, isReady ? 200 : 503, JSON.stringify({ services }))
  } catch {
    const { status, body } = errorText('UNAVAILABLE', systemIds.next()) // a check that threw is a service that cannot say how it is
    answerJson(response, status, body)
  }
}
const answerJson = (response: ServerResponse, status: number, body: string) =>
  void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(body)
const prefixOf = (path: string) => path.split('/', 3).join('/')
