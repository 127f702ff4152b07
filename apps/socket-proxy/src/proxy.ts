import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Engine } from '#adapters/sandbox-docker/engine'
import { ownerLabel } from '#adapters/sandbox-docker/owner'
import { SandboxFault } from '#ports/sandbox'
import { type Boxes, openBoxes, Refused } from './boxes.ts'
import { isBoxName, type Rules, readMemory, readWishes } from './policy.ts'

/**
 * The container engine as a judge may see it: the eight calls of `sandbox-docker/engine.ts` that judging makes, and nothing else. Whoever may speak to
 * an engine's own socket is root on its machine; whoever may speak to this can make boxes.
 *
 * No byte of a request is passed on. Each call is read, checked (policy.ts, boxes.ts) and made anew by the same typed client that the judge uses, and
 * the answers are made from what that client understood. The attached pipe of a box is the one thing that is joined through.
 */
export type ProxyOptions = {
  readonly engine: Engine
  readonly rules: Rules
  /** Hears of what was refused: a worker that behaves never is. */
  readonly onRefusal: (what: { readonly caller: string; readonly call: string; readonly reason: string }) => void
}

type Asked = {
  readonly caller: string
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly body: () => Promise<unknown>
}
type Told = { readonly status: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> }
type Context = { readonly engine: Engine; readonly rules: Rules; readonly boxes: Boxes }

const longestBody = 64 * 1024
/** A pipe for each box, and calls beside them. */
const mostConnections = 1024

/** @returns a server that does not listen yet. */
export function makeProxy({ engine, rules, onRefusal }: ProxyOptions): Server {
  const context: Context = { engine, rules, boxes: openBoxes(engine, rules.mostContainers) }
  const refusal = (request: IncomingMessage, error: unknown): Told => {
    const status = error instanceof Refused ? error.status : 502
    const reason = error instanceof Refused || error instanceof SandboxFault ? error.message : 'the call could not be made'
    if (status !== 404) onRefusal({ caller: callerOf(request), call: `${request.method} ${request.url?.slice(0, 200)}`, reason })
    return { status, json: { message: reason } }
  }
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 8192 }, (request, response) => {
    answer(request, context)
      .catch((error: unknown) => refusal(request, error))
      .then((told) => tell(response, told))
      .catch(() => response.destroy())
  })
  server.maxConnections = mostConnections
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    join(request, { socket, head }, context.boxes).catch((error: unknown) => {
      const { status, json } = refusal(request, error)
      socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${JSON.stringify(json)}`)
    })
  })
  return server
}

const callerOf = (request: IncomingMessage) => request.socket.remoteAddress ?? 'unknown'

/** By method and path: an id is one part of letters, digits, `_`, `.` and `-`, so nothing that is decoded later can hide in it. */
const calls: readonly (readonly [pattern: RegExp, answer: (asked: Asked, context: Context) => Promise<Told>])[] = [
  [/^GET \/_ping$/, ping],
  [/^GET \/v1\.\d{1,3}\/info$/, info],
  [/^GET \/v1\.\d{1,3}\/images\/([\w.-]{1,100})\/json$/, image],
  [/^POST \/v1\.\d{1,3}\/containers\/create$/, create],
  [/^POST \/v1\.\d{1,3}\/containers\/([\w.-]{1,128})\/start$/, start],
  [/^POST \/v1\.\d{1,3}\/containers\/([\w.-]{1,128})\/update$/, update],
  [/^DELETE \/v1\.\d{1,3}\/containers\/([\w.-]{1,128})$/, remove],
  [/^GET \/v1\.\d{1,3}\/containers\/json$/, list],
]
const attachPath = /^POST \/v1\.\d{1,3}\/containers\/([\w.-]{1,128})\/attach$/

async function answer(request: IncomingMessage, context: Context): Promise<Told> {
  const [path = '', query] = (request.url ?? '').split('?')
  for (const [pattern, make] of calls) {
    const found = pattern.exec(`${request.method} ${path}`)
    if (found === null) continue
    return await make({ caller: callerOf(request), parts: found.slice(1), query: new URLSearchParams(query), body: () => readJson(request) }, context)
  }
  throw new Refused(403, 'a judge does not make this call')
}

async function ping(_asked: Asked, { engine }: Context): Promise<Told> {
  return { status: 200, json: 'OK', headers: { 'api-version': (await engine.facts()).apiVersion } }
}

/** An engine tells much of its machine; a judge needs three facts. */
async function info(_asked: Asked, { engine }: Context): Promise<Told> {
  const { version, cgroupVersion, runtimes } = await engine.facts()
  return {
    status: 200,
    json: { ServerVersion: version, CgroupVersion: String(cgroupVersion), Runtimes: Object.fromEntries(runtimes.map((name) => [name, {}])) },
  }
}

async function image({ parts: [name = ''] }: Asked, { engine, rules }: Context): Promise<Told> {
  if (!rules.images.includes(name)) throw new Refused(403, 'this is no image of the judge')
  const found = await engine.image(name)
  if (found === undefined) throw new Refused(404, `there is no image ${name}`)
  return { status: 200, json: { Id: found.id, Size: found.bytes, Config: { Labels: found.labels } } }
}

async function create({ caller, query, body }: Asked, { boxes, rules }: Context): Promise<Told> {
  const name = query.get('name') ?? ''
  if (!isBoxName(name)) throw new Refused(403, 'this is no name of a box')
  const wishes = readWishes(await body(), rules)
  if (!wishes.ok) throw new Refused(403, wishes.error)
  return { status: 201, json: { Id: await boxes.create(caller, name, wishes.value), Warnings: [] } }
}

async function start({ caller, parts: [id = ''] }: Asked, { boxes }: Context): Promise<Told> {
  await boxes.start(caller, id)
  return { status: 204 }
}

async function update({ caller, parts: [id = ''], body }: Asked, { boxes }: Context): Promise<Told> {
  const memory = readMemory(await body())
  if (!memory.ok) throw new Refused(403, memory.error)
  await boxes.update(caller, id, memory.value)
  return { status: 200, json: { Warnings: [] } }
}

async function remove({ caller, parts: [id = ''] }: Asked, { boxes }: Context): Promise<Told> {
  await boxes.remove(caller, id)
  return { status: 204 }
}

/** Boxes, whatever filter was asked for; with the engine's own time, which their ages are counted by. */
async function list({ query }: Asked, { boxes }: Context): Promise<Told> {
  if (query.get('filters') !== JSON.stringify({ label: [ownerLabel] })) throw new Refused(403, 'a judge asks for boxes alone')
  const { containers, nowSeconds } = await boxes.list()
  return {
    status: 200,
    json: containers.map(({ id, labels, state, status, createdSeconds }) => ({
      Id: id,
      Labels: labels,
      State: state,
      Status: status,
      Created: createdSeconds,
    })),
    headers: { date: new Date(nowSeconds * 1000).toUTCString() },
  }
}

/** The two ends of a box's pipe. Whichever ends, the other hears of it; a box whose worker is gone sees its stdin close and ends. */
async function join(request: IncomingMessage, near: { readonly socket: Duplex; readonly head: Buffer }, boxes: Boxes): Promise<void> {
  const id = attachPath.exec(`${request.method} ${request.url?.split('?')[0]}`)?.[1]
  if (id === undefined) throw new Refused(403, 'only a box can be attached to')
  const far = await boxes.attach(callerOf(request), id)
  const worker = near.socket
  far.socket.on('error', () => worker.destroy())
  far.socket.once('close', () => worker.end()) // after what it still said
  worker.once('close', () => far.socket.destroy())
  if (worker.destroyed) return void far.socket.destroy()
  worker.write('HTTP/1.1 101 UPGRADED\r\ncontent-type: application/vnd.docker.raw-stream\r\nconnection: Upgrade\r\nupgrade: tcp\r\n\r\n')
  if (far.head.length > 0) worker.write(far.head)
  if (near.head.length > 0) far.socket.write(near.head)
  worker.pipe(far.socket)
  far.socket.pipe(worker)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  // a body that is too long is left unread, not cut off: the refusal shall be heard
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > longestBody) throw new Refused(413, 'the body is larger than any that a judge sends')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refused(400, 'the body is no JSON')
  }
}

function tell(response: ServerResponse, { status, json, headers }: Told): void {
  response.writeHead(status, { ...(json === undefined ? {} : { 'content-type': 'application/json' }), connection: 'close', ...headers })
  response.end(json === undefined ? undefined : JSON.stringify(json))
}
