import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { allRoutes } from '#contracts/all'
import type { RouteSpec } from '#contracts/route'
import { systemIds } from '#testkit/real'
import { openFrontDoor } from '../src/front-door.ts'
import { openApiDocument } from '../src/openapi.ts'
import { loadStaticFiles } from '../src/static-files.ts'

describe('front door', () => {
  let folder: string
  let server: Server
  let behind: Server
  let private_: Server
  let seen: IncomingMessage | undefined
  let port = 0

  const listen = (each: Server) => new Promise<number>((resolve) => each.listen(0, '127.0.0.1', () => resolve((each.address() as AddressInfo).port)))
  const echo = (request: IncomingMessage, response: import('node:http').ServerResponse) => {
    seen = request
    response.writeHead(200, { 'content-type': 'text/plain' }).end(`${request.method} ${request.url}`)
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'arena-web-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<title>the page</title>')
    await writeFile(join(folder, 'assets', 'app-1.js'), `// ${'x'.repeat(2000)}`)
    behind = createServer(echo)
    const elsewhere = await listen(behind)
    const socket = join(folder, 'user.sock')
    private_ = createServer(echo)
    await new Promise<void>((resolve) => private_.listen(socket, resolve))
    const door = openFrontDoor({
      hosted: (name) => (name === 'contest' ? { handle: echo, upgradePath: undefined, upgrade: undefined } : undefined),
      peerUrls: { submission: `http://127.0.0.1:${elsewhere}`, leaderboard: 'http://127.0.0.1:1', user: `unix:${socket}` },
      trustedProxies: ['127.0.0.2'],
      web: await loadStaticFiles(folder, { prefix: '/', fallback: 'index.html' }),
      docs: [],
      openApi: () => '{"openapi":"3.1.0"}',
      ids: systemIds,
    })
    server = createServer(door.request).on('upgrade', door.upgrade)
    port = await listen(server)
  })
  after(async () => {
    for (const each of [server, behind, private_]) {
      each.closeAllConnections()
      each.close()
    }
    await rm(folder, { recursive: true })
  })
  const get = (path: string, options: { method?: string; headers?: Record<string, string>; from?: string } = {}) =>
    new Promise<{ status: number; headers: IncomingMessage['headers']; text: string }>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: options.headers ?? {}, localAddress: options.from ?? '127.0.0.1' },
        (answer) => {
          let text = ''
          answer.on('data', (chunk) => {
            text += chunk
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
        },
      )
      asked.on('error', reject)
      asked.end()
    })

  it('sends a path to the service that owns it, hosted here or elsewhere', async () => {
    assert.equal((await get('/api/contests?x=1')).text, 'GET /api/contests?x=1')
    assert.equal((await get('/api/submissions')).text, 'GET /api/submissions')
    assert.equal((await get('/api/me')).text, 'GET /api/me')
    assert.equal((await get('/api/leaderboard/x')).status, 503)
    assert.equal((await get('/api/notifications')).status, 503)
  })
  it('believes a proxy that the operator has named, and hands on who the client is', async () => {
    const said = { 'x-forwarded-for': '6.6.6.6, 8.8.8.8', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'arena.example', 'x-real-ip': '7.7.7.7' }
    for (const path of ['/api/contests', '/api/submissions']) {
      const answer = await get(path, { headers: said, from: '127.0.0.2' })
      assert.deepEqual([seen?.headers['x-real-ip'], seen?.headers['x-forwarded-proto'], seen?.headers.host], ['8.8.8.8', 'https', 'arena.example'])
      assert.match(String(answer.headers['content-security-policy']), /wss:\/\/arena\.example/)
    }
  })
  it('throws away what a client claims of itself', async () => {
    const claims = { 'x-real-ip': '6.6.6.6', 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-request-id': 'mine-mine-mine' }
    for (const path of ['/api/contests', '/api/submissions']) {
      const answer = await get(path, { headers: claims })
      assert.equal(seen?.headers['x-real-ip'], '127.0.0.1')
      assert.equal(seen?.headers['x-forwarded-proto'], undefined)
      assert.equal(seen?.headers['x-forwarded-for'], undefined)
      assert.notEqual(seen?.headers['x-request-id'], 'mine-mine-mine')
      assert.equal(seen?.headers['x-request-id'], answer.headers['x-request-id'])
    }
  })
  it('has no door to internal routes, however the path is written', async () => {
    seen = undefined
    const internal = Object.keys(allRoutes)
      .filter((key) => (allRoutes as Record<string, RouteSpec>)[key]?.access === 'service')
      .map((key) => key.split(' ')[1] ?? '')
    assert.ok(internal.length >= 2)
    for (const path of internal.flatMap((each) => [
      each,
      `/${each}`,
      `/api/..${each}`,
      `/api/contests/..%2f..${each}`,
      `/api/submissions/../..${each}`,
      `/api/submissions/%2e%2e/.%2E${each}`,
      `/api/submissions/..\\..${each}`,
      each.replace('internal', '%69nternal'),
      each.replace('internal', 'INTERNAL'),
    ])) {
      const answer = await get(path)
      const reached = seen as IncomingMessage | undefined
      assert.ok(
        answer.status === 404 || answer.text === '<title>the page</title>' || reached?.url?.startsWith('/api/contests/'),
        `${path} ${answer.status} ${answer.text}`,
      )
      seen = undefined
    }
  })
  it('serves the web from memory, compressed, with the page for the addresses of its router', async () => {
    const page = await get('/')
    assert.equal(page.text, '<title>the page</title>')
    assert.match(String(page.headers['content-security-policy']), /script-src 'self'; style-src 'self';/)
    assert.doesNotMatch(String(page.headers['content-security-policy']), /unsafe/)
    assert.equal(page.headers['x-content-type-options'], 'nosniff')
    assert.equal((await get('/contests/some-id')).text, page.text)
    const script = await get('/assets/app-1.js', { headers: { 'accept-encoding': 'gzip, br' } })
    assert.equal(script.headers['x-content-type-options'], 'nosniff')
    assert.equal(script.headers['content-security-policy'], undefined, 'what means something on pages only is not paid for with every file')
    assert.deepEqual([script.headers['content-encoding'], script.headers['cache-control']], ['br', 'public, max-age=31536000, immutable'])
    assert.equal((await get('/assets/app-1.js', { headers: { 'if-none-match': String(script.headers.etag) } })).status, 304)
    for (const path of ['/assets/none.js', '/../package.json', '/%2e%2e/package.json', '/assets/%2e%2e/%2e%2e/package.json', '/%']) {
      const answer = await get(path)
      assert.ok(answer.status === 404 || answer.text === page.text, `${path} ${answer.status}`)
    }
    assert.equal((await get('/', { method: 'POST' })).status, 404)
  })
  it('refuses upgrades it does not know', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /other HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
    const text = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))
    assert.match(text, /^HTTP\/1.1 404/)
    socket.destroy()
  })
})

describe('OpenAPI document', () => {
  const document = openApiDocument('1') as {
    openapi: string
    paths: Record<string, Record<string, { responses: Record<string, unknown>; operationId: string }>>
  }
  it('has every public route and no internal one', () => {
    assert.equal(document.openapi, '3.1.0')
    for (const [key, spec] of Object.entries(allRoutes as Record<string, RouteSpec>)) {
      const [method = '', path = ''] = key.split(' ')
      const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      assert.equal(operation !== undefined, spec.access !== 'service', key)
      if (operation) assert.ok(String(spec.ok[0]) in operation.responses, key)
    }
  })
  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId))
    assert.equal(new Set(ids).size, ids.length)
  })
})
