import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import { SandboxFault } from '#ports/sandbox'
import { openEngine } from './engine.ts'
import { openEngineHttp, parseAddress } from './engine-http.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-engine-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const running: { server: Server; sockets: Set<Socket> }[] = []
afterEach(async () => {
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})
let count = 0

/** An engine that does with each connection what it is told, once the request's head has come. @returns its address. */
async function fakeEngine(act: (socket: Socket, request: string) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    let heard = ''
    socket.on('data', (chunk) => {
      const isHeard = heard.includes('\r\n\r\n')
      heard += chunk.toString('latin1')
      if (!isHeard && heard.includes('\r\n\r\n')) act(socket, heard)
    })
  })
  running.push({ server, sockets })
  const path = join(folder, `${++count}.sock`)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return `unix://${path}`
}
const answer = (status: string, body = '', headers = '') => `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
const greeting = (version = '1.41') => answer('200 OK', 'OK', `api-version: ${version}\r\n`)
/** Greets; any other request is answered by `act`. */
const engineThat = (act: (socket: Socket, request: string) => void, version?: string) =>
  fakeEngine((socket, request) => (request.startsWith('GET /_ping') ? void socket.write(greeting(version)) : act(socket, request)))

const faults = (work: Promise<unknown>, message: RegExp, retry: SandboxFault['retry'] = 'later') =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof SandboxFault, String(error))
    assert.match(error.message, message)
    assert.doesNotMatch(error.message, /\n/, 'one line')
    assert.equal(error.retry, retry)
    return true
  })

describe('the address of an engine', () => {
  it('is a Unix socket or a host and port, and nothing else', () => {
    assert.deepEqual(parseAddress('unix:///run/docker.sock'), { socketPath: '/run/docker.sock' })
    assert.deepEqual(parseAddress('tcp://proxy:2375'), { host: 'proxy', port: 2375 })
    assert.deepEqual(parseAddress('tcp://[::1]:2375'), { host: '::1', port: 2375 })
    for (const wrong of ['', 'docker', 'unix://', 'unix:relative', 'http://x:1', 'tcp://x', 'tcp://x:99999', 'tcp://user@x:1', 'ssh://x:1'])
      assert.throws(() => parseAddress(wrong), /ARENA_DOCKER_HOST/, wrong)
  })
})

describe('an engine that does not behave is a fault to be tried later', () => {
  it('one that is not there', () => faults(openEngine(`unix://${folder}/nobody`).facts(), /not there \(ENOENT\)/))
  it('one that hangs, at the deadline', async () => {
    const address = await fakeEngine(() => undefined)
    const call = { method: 'GET', path: '/', deadlineMs: 30, what: 'ask' } as const
    await faults(openEngineHttp(address).call(call), /does not answer within 0.03 s/)
    await faults(openEngineHttp(address).hijack(call), /does not answer/)
    await faults(
      openEngineHttp(address).stream(call, () => undefined),
      /does not answer/,
    )
  })
  it('one that begins to answer and hangs', async () => {
    const address = await fakeEngine((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhal'))
    await faults(openEngineHttp(address).call({ method: 'GET', path: '/', deadlineMs: 50, what: 'ask' }), /cannot ask: the engine at unix/)
  })
  it('one that talks nonsense', async () => {
    await faults(openEngine(await fakeEngine((socket) => socket.end('SSH-2.0-x\r\n'))).facts(), /does not speak HTTP|ended the connection/)
    await faults(openEngine(await fakeEngine((socket) => socket.write(answer('200 OK', '<html>')))).facts(), /no Docker engine/)
    await faults(openEngine(await engineThat((socket) => socket.write(answer('200 OK', '[1, 2')))).facts(), /cannot be read/)
    await faults(openEngine(await engineThat((socket) => socket.write(answer('200 OK', '{}')))).list('label'), /cannot be read/)
    await faults(openEngine(await engineThat((socket) => socket.write(answer('201 Created', '{"Id":"../../x"}')))).create('name', {}), /cannot be read/)
  })
  it('one that cuts the connection', async () => {
    await faults(openEngine(await fakeEngine((socket) => socket.destroy())).facts(), /ended the connection/)
    const half = await fakeEngine((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhal'))
    await faults(openEngine(half).facts(), /ended the connection/)
  })
  it('one that answers without end', async () => {
    const address = await engineThat((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const more = () => void (socket.destroyed || socket.write(Buffer.alloc(65_536, 'x'), more))
      more()
    })
    await faults(openEngine(address).list('label'), /more than it may/)
  })
  it('one that is too old', async () => faults(openEngine(await fakeEngine((socket) => socket.write(greeting('1.38')))).facts(), /Docker 20.10 or newer/))
  it('one that refuses, in its own words', async () => {
    const address = await engineThat((socket) => socket.write(answer('403 Forbidden', '{"message":"not by this\\nproxy"}')))
    await faults(openEngine(address).start('id'), /cannot start a container: .* 403: not by this proxy/)
  })
  it('one that does not give the connection', async () => {
    const address = await engineThat((socket) => socket.write(answer('404 Not Found', '{}')))
    await faults(openEngine(address).attach('id'), /answers 404 instead of giving the connection/)
  })
})

describe('an engine that behaves', () => {
  it('is asked below a version that both speak', async () => {
    const asked: string[] = []
    const address = await engineThat((socket, request) => {
      asked.push(request.split(' ', 2)[1] ?? '')
      socket.write(answer('204 No Content'))
    }, '1.99')
    await openEngine(address).start('id')
    assert.deepEqual(asked, ['/v1.51/containers/id/start'])
  })
  it('has no such image, or has removed that container already: no fault', async () => {
    const engine = openEngine(await engineThat((socket) => socket.write(answer('404 Not Found', '{"message":"no such thing"}'))))
    assert.equal(await engine.image('none'), undefined)
    await engine.remove('id')
  })
  it('gives the connection, with what had come through it', async () => {
    const address = await engineThat((socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nconnection: Upgrade\r\nupgrade: tcp\r\n\r\nfirst')
      socket.on('data', (chunk) => socket.write(`heard ${chunk}`))
    })
    const { socket, head } = await openEngine(address).attach('id')
    assert.equal(String(head), 'first')
    const heard = new Promise((resolve) => socket.once('data', (chunk) => resolve(String(chunk))))
    socket.write('hello')
    assert.equal(await heard, 'heard hello')
    socket.destroy()
  })
  it('tells of a build line by line, and of its failure', async () => {
    const lines: string[] = []
    const build = (body: string) =>
      engineThat((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${body}`)).then((address) =>
        openEngine(address).build({ tag: 'x', context: Buffer.alloc(1024), isFresh: false, tell: (line) => lines.push(line) }),
      )
    await build('{"stream":"Step 1\\n"}\n{"aux":{}}\n{"stream":"done"}')
    assert.deepEqual(lines, ['Step 1', 'done'])
    await faults(build('{"errorDetail":{},"error":"no such package"}\n'), /cannot build x: .* no such package/)
  })
})
