import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from 'node:http'
import { request as secureRequest } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { routesOf, type ServiceName } from '#contracts/all'
import { type ErrorCode, type ErrorDetails, messageOf, statusOf } from '#contracts/errors'
import type { RouteSpec } from '#contracts/route'
import { startNginx, type TestNginx, withoutNginx } from '#testkit/nginx'
import { systemIds } from '#testkit/real'
import { openFrontDoor } from '../src/front-door.ts'
import { loadStaticFiles } from '../src/static-files.ts'

type Heard = { readonly service: string; readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }
type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }
type Asking = { method?: string; headers?: Record<string, string>; body?: string | Buffer | undefined; from?: string; agent?: Agent }

const services = ['user', 'contest', 'submission', 'leaderboard', 'notifications', 'billing', 'gateway'] as const
const routes = services.flatMap((service) =>
  Object.entries(routesOf[service] as Record<string, RouteSpec>).map(([key, spec]) => {
    const [method = '', pattern = ''] = key.split(' ')
    return { service, key, method, path: pattern.replace(/:\w+/g, 'x-1'), spec }
  }),
)
const limitOf = (spec: RouteSpec) => spec.rawBody?.limitBytes ?? spec.bodyLimitBytes ?? 256 * 1024
const token = (name: string) => `Bearer aaa.bbb.${name.padEnd(86, '_')}`
const addressOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`
const listening = async (server: Server) => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
const closed = (server: Server | undefined) => {
  server?.closeAllConnections()
  server?.close()
}

function ask(port: number, path: string, { method = 'GET', headers: given = {}, body, from = '127.0.0.1', agent }: Asking = {}): Promise<Answer> {
  // said always: Node leaves it out for DELETE, and the body then reads as the next request
  const headers = body === undefined ? given : { 'content-length': String(Buffer.byteLength(body)), ...given }
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, localAddress: from, ...(agent ? { agent } : {}) }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Bytes as they are, and what comes back until the other side closes or `until` is seen. */
async function rawly(port: number, bytes: string, until?: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (until?.test(text)) break
  }
  socket.destroy()
  return text
}

function assertRefused(answer: Answer, code: ErrorCode, details?: ErrorDetails) {
  const { error } = JSON.parse(answer.text) as { error: { code: ErrorCode; message: string; details?: ErrorDetails; requestId: string } }
  assert.equal(answer.status, statusOf(code))
  assert.deepEqual(error, { code, message: messageOf(code, details), ...(details ? { details } : {}), requestId: error.requestId })
  assert.equal(answer.headers['x-request-id'], error.requestId)
  assert.match(error.requestId, /^[0-9a-f]{32}$/)
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(answer.headers['cache-control'], 'no-store')
}

describe('nginx in front of the services', { skip: withoutNginx }, () => {
  const heard: Heard[] = []
  const echo = (service: string) => (asked: import('node:http').IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = asked
    heard.push({ service, method, url, headers })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ service }))
    asked.resume()
  }
  const stubs: Partial<Record<ServiceName, Server>> = {}
  let web: string
  let inProcess: Server
  let nginx: TestNginx

  before(async () => {
    web = mkdtempSync(join(tmpdir(), 'arena-web-'))
    mkdirSync(join(web, 'assets'))
    writeFileSync(join(web, 'index.html'), `<title>the page</title>${' '.repeat(2000)}`)
    writeFileSync(join(web, 'assets', 'app-1.js'), `// ${'x'.repeat(2000)}`)
    writeFileSync(join(web, 'assets', 'font-1.woff2'), 'font')
    for (const name of services) stubs[name] = await listening(createServer(echo(name)))
    stubs.notifications?.on('upgrade', (asked, socket) => {
      heard.push({ service: 'notifications', method: 'UPGRADE', url: asked.url ?? '', headers: asked.headers })
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')
      socket.pipe(socket)
    })
    const upstreams = Object.fromEntries(Object.entries(stubs).map(([name, server]) => [name, [addressOf(server)]]))
    nginx = await startNginx({ upstreams, web, trustedProxies: '127.0.0.2,127.0.1.0/24' })
    const door = openFrontDoor({
      hosted: () => undefined,
      peerUrls: {},
      trustedProxies: [],
      web: await loadStaticFiles(web, { prefix: '/', fallback: 'index.html' }),
      docs: [],
      openApi: () => '{}',
      ids: systemIds,
    })
    inProcess = await listening(createServer(door.request))
  })
  after(async () => {
    await nginx?.stop()
    for (const server of [...Object.values(stubs), inProcess]) closed(server)
    rmSync(web, { recursive: true })
  })
  const get = (path: string, asking?: Asking) => ask(nginx.port, path, asking)
  const lastHeard = () => heard.at(-1) as Heard

  it('every public route of the contracts reaches its owner, as it was asked', async () => {
    const open = routes.filter(({ spec }) => spec.access !== 'service')
    assert.ok(open.length > 30)
    for (const { service, key, method, path } of open) {
      const query = '?a=%2F..%2f&b=1;2'
      const answer = await get(`${path}${query}`, { method, body: method === 'GET' ? undefined : '{}' })
      assert.deepEqual([answer.status, JSON.parse(answer.text).service], [200, service], key)
      assert.deepEqual([lastHeard().method, lastHeard().url], [method, `${path}${query}`], key)
    }
    for (const path of ['/api/openapi.json', '/api/docs', '/api/docs/swagger-ui.css']) assert.equal(JSON.parse((await get(path)).text).service, 'gateway')
  })

  it('internal routes, metrics and unknown addresses have no door, however they are written', async () => {
    const hidden = [
      ...routes.filter(({ spec }) => spec.access === 'service').map(({ path }) => path),
      '/internal',
      '/metrics',
      '/api/metrics',
      '/api',
      '/api/x',
    ]
    assert.ok(hidden.length > 6)
    const before = heard.length
    const disguised = hidden.flatMap((path) => [
      path,
      `${path}/`,
      `${path}?x=1`,
      `/${path}`,
      `/.${path}`,
      `/x/..${path}`,
      `/api/contests/../..${path}`,
      `/api/contests/..%2f..${path}`,
      `/api/contests/%2e%2e/%2E%2e${path}`,
      `/api/contests/..%5c..${path}`,
      `/api/contests/..\\..${path}`,
      `/api/contests/..;/..${path}`,
      `/api/contests;x=1/..${path}`,
      `/api/contests/%252e%252e/%252e%252e${path}`,
      `/api/contests%2f..%2f..${path}`,
      `/api/contests/%00/../..${path}`,
      path.toUpperCase(),
      path.replace('i', '%69'),
      path.replace('m', '%4d'),
      path.replaceAll('/', '%2f'),
      path.replaceAll('/', '//'),
      `${path}%00`,
      `${path}%0d%0aHost:x`,
      // read as one path by nginx and as another by the service
      `${path}/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fapi%2fcontests`,
      `${path}/../../../../../api/contests`,
    ])
    for (const path of disguised) {
      const answer = await get(path)
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8', `${path} ${answer.status} ${answer.text}`)
    }
    for (const path of hidden) {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) assertRefused(await get(path, { method }), 'NOT_FOUND')
      const absolute = await rawly(nginx.port, `GET http://elsewhere${path} HTTP/1.1\r\nhost: contest\r\nconnection: close\r\n\r\n`)
      assert.match(absolute, /^HTTP\/1\.1 404 /)
    }
    assert.equal(heard.length, before, JSON.stringify(heard.slice(before)))
  })

  it('a request that cannot be read is told so in the shape of all errors', async () => {
    const broken = [
      'GET /api/contests HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n',
      'GET /api/contests HTTP/1.1\r\nconnection: close\r\n\r\n',
      `GET /api/contests HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\nconnection: close\r\n\r\n`,
      `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      'POST /api/submit HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ]
    const before = heard.length
    for (const bytes of broken) {
      const text = await rawly(nginx.port, bytes)
      assert.match(text, /^HTTP\/1\.1 400 /, bytes.slice(0, 60))
      assert.equal(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).error.code, 'VALIDATION_FAILED')
    }
    assert.equal(heard.length, before)
  })

  it('a body may be as large as the contract says, and no larger', async () => {
    for (const { key, method, path } of routes.filter(({ method, spec }) => method !== 'GET' && spec.access !== 'service')) {
      // nginx goes by the path; which of its methods takes less is the service's to say
      const limitBytes = Math.max(...routes.filter((other) => other.path === path).map((other) => limitOf(other.spec)))
      const over = await rawly(nginx.port, `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${limitBytes + 1}\r\n\r\n`, /\}\}$/)
      const body = over.slice(over.indexOf('\r\n\r\n') + 4)
      assert.match(over, /^HTTP\/1\.1 413 /, key)
      const { error } = JSON.parse(body)
      assert.deepEqual([error.code, error.details, error.message], ['BODY_TOO_LARGE', { limitBytes }, messageOf('BODY_TOO_LARGE', { limitBytes })], key)
      // the import is handed on as it comes, so the service hears of it before the body is there
      const within = key.endsWith('/import')
        ? await rawly(nginx.port, `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${limitBytes}\r\n\r\n`, /\}/)
        : (await get(path, { method, body: Buffer.alloc(limitBytes, ' ') })).text
      assert.match(within, /\{"service":"/, key)
    }
  })

  it('what a client claims of itself is not believed; what a named proxy says of it is', async () => {
    const claims = {
      'x-real-ip': '6.6.6.6',
      'x-forwarded-for': '6.6.6.6, 7.7.7.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=6.6.6.6',
      'x-request-id': 'mine-mine-mine',
      host: 'arena.example',
    }
    const told = async (from: string) => {
      const answer = await get('/api/contests', { headers: claims, from })
      const { headers } = lastHeard()
      assert.equal(headers['x-request-id'], answer.headers['x-request-id'])
      assert.notEqual(headers['x-request-id'], 'mine-mine-mine')
      assert.deepEqual([headers.host, headers['x-forwarded-host'], headers.forwarded], ['arena.example', 'arena.example', undefined])
      assert.equal(headers['x-real-ip'], headers['x-forwarded-for'])
      return [headers['x-real-ip'], headers['x-forwarded-proto'], answer.headers['strict-transport-security']]
    }
    assert.deepEqual(await told('127.0.0.1'), ['127.0.0.1', 'http', undefined])
    assert.deepEqual(await told('127.0.0.2'), ['7.7.7.7', 'https', 'max-age=31536000'])
    assert.deepEqual(await told('127.0.1.77'), ['7.7.7.7', 'https', 'max-age=31536000'])
  })

  it('sends the headers that the one process sends, and compresses what it compresses', async () => {
    const own = new Set([
      'etag',
      'date',
      'server',
      'last-modified',
      'accept-ranges',
      'x-request-id',
      'content-length',
      'transfer-encoding',
      'connection',
      'keep-alive',
    ])
    const comparable = ({ status, headers }: Answer) => ({
      status,
      headers: Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => !own.has(name))
          .sort(),
      ),
    })
    const cases: readonly (readonly [string, Asking?])[] = [
      ['/', { headers: { 'accept-encoding': 'gzip, deflate, br' } }],
      ['/', { headers: { 'accept-encoding': 'gzip' } }],
      ['/'],
      ['/', { method: 'HEAD' }],
      ['/', { method: 'POST' }],
      ['/contests/some-id?x=1'],
      ['/assets/app-1.js', { headers: { 'accept-encoding': 'br' } }],
      ['/assets/font-1.woff2', { headers: { 'accept-encoding': 'br' } }],
      ['/assets/none.js'],
      ['/none.html'],
      ['/internal/x'],
      ['/api/none'],
      ['/', { headers: { host: 'arena.example:8443' } }],
      ['/', { headers: { host: 'x"; script-src *' } }],
    ]
    for (const [path, asking] of cases) {
      const wishes = { ...asking, headers: { host: 'arena', ...asking?.headers } }
      const [there, here] = [await get(path, wishes), await ask(addressPort(inProcess), path, wishes)]
      if (asking?.headers?.host?.includes('"')) {
        assert.equal(there.status, 400, 'nginx does not take such a host at all')
        continue
      }
      assert.deepEqual(comparable(there), comparable(here), path)
    }
    const { etag = '' } = (await get('/assets/app-1.js')).headers
    assert.equal((await get('/assets/app-1.js', { headers: { 'if-none-match': etag } })).status, 304)
  })

  it('carries a WebSocket both ways, and upgrades nothing else', async () => {
    const upgrade = (path: string) =>
      `GET ${path} HTTP/1.1\r\nhost: arena\r\norigin: http://arena\r\nconnection: Upgrade\r\nupgrade: websocket\r\nx-real-ip: 6.6.6.6\r\n\r\n`
    assert.match(await rawly(nginx.port, `${upgrade('/api/ws')}hello there`, /hello there$/), /^HTTP\/1\.1 101 (.|\r|\n)*hello there$/)
    const { headers } = lastHeard()
    assert.deepEqual([headers.upgrade, headers.host, headers.origin, headers['x-real-ip']], ['websocket', 'arena', 'http://arena', '127.0.0.1'])
    for (const path of ['/api/contests', '/api/notifications']) {
      assert.match(await rawly(nginx.port, upgrade(path), /\}/), /^HTTP\/1\.1 200 /)
      assert.equal(lastHeard().headers.upgrade, undefined)
    }
    for (const path of ['/api/ws/', '/API/ws', '/internal/ws', '/api//ws']) assert.match(await rawly(nginx.port, upgrade(path), /\}\}$/), /^HTTP\/1\.1 404 /)
    assertRefused(await get('/api/ws'), 'NOT_FOUND')
  })

  it('slows one user, and neither a neighbour nor a school at the same address', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 })
    const many = (count: number, headers: (at: number) => Record<string, string>, path = '/api/contests') =>
      Promise.all(Array.from({ length: count }, (_, at) => get(path, { headers: headers(at), agent })))
    const refusedOf = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 429)
    const greedy = refusedOf(await many(1000, () => ({ authorization: token('greedy') })))
    assert.ok(greedy.length > 0)
    assertRefused(greedy[0] as Answer, 'TOO_MANY_REQUESTS', { retryAfterSeconds: 1 })
    assert.equal(greedy[0]?.headers['retry-after'], '1')
    const school = await many(1500, (at) => ({ authorization: token(`pupil-${at % 500}`) }))
    assert.equal(refusedOf(school).length, 0)
    assert.equal(refusedOf(await many(500, () => ({}), '/')).length, 0, 'files are not limited')
    assert.equal(refusedOf(await many(500, () => ({}), '/api/login')).length, 0, 'five hundred pupils log in at the bell')
    let guesses = 0
    while (guesses < 20_000 && refusedOf(await many(500, () => ({}), '/api/login')).length === 0) guesses += 500
    assert.ok(guesses < 20_000, 'who guesses passwords is slowed')
    agent.destroy()
  })

  it('logs a line of JSON for each request, and nothing secret', async () => {
    const { headers } = await get('/api/contests?token=query-secret', {
      headers: { authorization: token('header-secret'), cookie: 'arena_refresh=cookie-secret', 'user-agent': 'a "b" \\ c' },
    })
    const lines = nginx.log()
    const line = lines.find(({ requestId }) => requestId === headers['x-request-id'])
    assert.deepEqual([line?.method, line?.path, line?.status, line?.agent], ['GET', '/api/contests', 200, 'a "b" \\ c'])
    assert.doesNotMatch(JSON.stringify(lines), /secret/)
  })
})

const addressPort = (server: Server) => (server.address() as AddressInfo).port

describe('nginx and replicas', { skip: withoutNginx }, () => {
  it('asks another one when it may, and never sends a submission twice', async () => {
    const seen: string[] = []
    const good = await listening(
      createServer((asked, response) => {
        seen.push(`good ${asked.method}`)
        response.end('good')
      }),
    )
    const dying = await listening(
      createServer((asked) => {
        seen.push(`dying ${asked.method}`)
        asked.socket.destroy()
      }),
    )
    const gone = await listening(createServer())
    const refused = addressOf(gone)
    closed(gone)
    const nginx = await startNginx({
      upstreams: { contest: [refused, addressOf(good)], submission: [addressOf(dying)], leaderboard: [addressOf(dying), addressOf(good)] },
    })
    try {
      for (let n = 0; n < 6; n++) {
        assert.equal((await ask(nginx.port, '/api/contests')).text, 'good')
        assert.equal((await ask(nginx.port, '/api/contests', { method: 'POST', body: '{}' })).text, 'good', 'what was not sent may go elsewhere')
        assert.equal((await ask(nginx.port, '/api/leaderboard/x')).text, 'good', 'what changes nothing may be asked again')
      }
      seen.length = 0
      assertRefused(await ask(nginx.port, '/api/submit', { method: 'POST', body: '{}' }), 'UNAVAILABLE')
      assert.deepEqual(seen, ['dying POST'])
      assertRefused(await ask(nginx.port, '/api/me'), 'UNAVAILABLE')
    } finally {
      await nginx.stop()
      for (const server of [good, dying]) closed(server)
    }
  })
})

describe('nginx with a certificate', { skip: withoutNginx }, () => {
  it('says https to the services, and to the browser to stay with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'arena-tls-'))
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    const wishes = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=arena.test']
    execFileSync('openssl', ['req', '-x509', ...wishes, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
    const stub = await listening(createServer((asked, response) => void response.end(String(asked.headers['x-forwarded-proto']))))
    const nginx = await startNginx({
      upstreams: { contest: [addressOf(stub)] },
      tls: { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') },
    })
    try {
      const answer = await new Promise<{ text: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
        const asked = secureRequest(
          `${nginx.url}/api/contests`,
          { ca: readFileSync(certificate), servername: 'arena.test', checkServerIdentity: () => undefined },
          (response) => {
            response.on('data', (chunk) => resolve({ text: String(chunk), headers: response.headers }))
          },
        )
        asked.on('error', reject)
        asked.end()
      })
      assert.deepEqual([answer.text, answer.headers['strict-transport-security']], ['https', 'max-age=31536000'])
      assertPlainIsRefused(await rawly(nginx.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', /\}\}$/))
    } finally {
      await nginx.stop()
      closed(stub)
      rmSync(folder, { recursive: true })
    }
  })
})
const assertPlainIsRefused = (text: string) => assert.match(text, /^HTTP\/1\.1 400 /)
