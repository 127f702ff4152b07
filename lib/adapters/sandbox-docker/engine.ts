import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { SandboxFault } from '#ports/sandbox'
import { type Answer, type Call, openEngineHttp } from './engine-http.ts'

/**
 * The dozen calls of the Docker Engine API that judging needs, and no other. Judging itself uses `facts`, `image`, `create`, `attach`, `start`,
 * `update`, `remove` and `list`, so a socket proxy may forbid all else; `build` and `removeImage` are the operator's.
 *
 *   GET    /_ping                            facts
 *   GET    /v*\/info                         facts
 *   GET    /v*\/images/{name}/json           image
 *   POST   /v*\/containers/create            create
 *   POST   /v*\/containers/{id}/attach       attach (the connection is taken over)
 *   POST   /v*\/containers/{id}/start        start
 *   POST   /v*\/containers/{id}/update       update
 *   DELETE /v*\/containers/{id}              remove
 *   GET    /v*\/containers/json              list
 *   POST   /v*\/build                        build
 *   DELETE /v*\/images/{id}                  removeImage
 *
 * What an engine answers is read as carefully as what a stranger sends: a field that is not what it should be is a `SandboxFault`.
 */
export type Engine = {
  /** Its address, for the operator. */
  readonly name: string
  /** Asks who is there, and settles the version of the API. @throws SandboxFault when nobody is, or one that is too old. */
  facts(): Promise<EngineFacts>
  /** @returns undefined when there is none of that name. */
  image(name: string): Promise<ImageFacts | undefined>
  build(options: BuildOptions): Promise<void>
  /** One that is gone is no fault. @throws SandboxFault when a container was made of it, running or not. */
  removeImage(id: string): Promise<void>
  /** @returns the container's id. */
  create(name: string, config: object): Promise<string>
  /** Both pipes of a container that has not been started yet, so that nothing it says is missed. */
  attach(id: string): Promise<Attached>
  start(id: string): Promise<void>
  /** Memory with swap 0, in bytes. */
  update(id: string, memoryBytes: number): Promise<void>
  /** Kills what runs in it and removes it. One that is gone, or just going, is no fault. */
  remove(id: string): Promise<void>
  /** All with that label, running or not, and the engine's own time, so that ages do not depend on two clocks. */
  list(label: string): Promise<{ readonly containers: readonly ContainerFacts[]; readonly nowSeconds: number }>
}

export type EngineFacts = {
  readonly version: string
  readonly apiVersion: string
  /** 1 or 2. */
  readonly cgroupVersion: number
  readonly runtimes: readonly string[]
}
export type ImageFacts = {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  readonly bytes: number
  /** Names it has: none, where each was given to another since. */
  readonly tags: readonly string[]
}
export type ContainerFacts = {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  /** created, running, paused, restarting, removing, exited or dead. */
  readonly state: string
  /** In words: "Exited (137) 2 seconds ago". */
  readonly status: string
  readonly createdSeconds: number
}
export type Attached = { readonly socket: Socket; readonly head: Buffer }
export type BuildOptions = {
  readonly tag: string
  readonly context: Buffer
  /** Network of the build steps; the engine's default when undefined. */
  readonly network?: string
  /** Takes no layer of an earlier build and asks for newer base images. */
  readonly isFresh: boolean
  /** Hears what the build says, line by line. */
  readonly tell: (line: string) => void
}

/** Of Docker 20.10 (2020), and the newest that was read about; in between the engine's own is used, since new engines refuse old ones. */
const oldestApi = [1, 41] as const
const newestApi = [1, 51] as const
/** A loaded engine takes a while; one that takes longer is as good as away. */
const shortMs = 10_000
const containerMs = 30_000
/** A gibibyte of layers is unlinked. */
const imageMs = 60_000
const buildMs = 30 * 60_000

export function openEngine(address: string): Engine {
  const api = openApi(address)
  return { name: address, facts: () => facts(api), ...imageCalls(api), ...containerCalls(api) }
}

/** The calls below a version that both sides speak. */
type Api = {
  /** Settles the version anew. @returns the engine's own. */
  ping(): Promise<string>
  /** @throws SandboxFault for a status that is not among `fine`. */
  call(call: Call, ...fine: readonly number[]): Promise<Answer>
  stream(call: Call, line: (text: string) => void): Promise<number>
  hijack(call: Call): Promise<Attached>
  refusal(call: Pick<Call, 'what'>, answer: Pick<Answer, 'status' | 'text'>): SandboxFault
}

function openApi(address: string): Api {
  const http = openEngineHttp(address)
  let prefix: string | undefined
  // 4xx: it understood and refuses (a proxy, too); 5xx: its own trouble. Neither is mended by trying at once.
  const refusal: Api['refusal'] = ({ what }, { status, text }) =>
    new SandboxFault(`cannot ${what}: the engine at ${address} answers ${status}: ${messageOf(text)}`, 'later')
  const ping = async () => {
    const asked = { method: 'GET', path: '/_ping', deadlineMs: shortMs, what: 'reach Docker' } as const
    const answer = await http.call(asked)
    if (answer.status !== 200) throw refusal(asked, answer)
    const apiVersion = String(answer.headers['api-version'] ?? '')
    prefix = `/v${settleVersion(apiVersion, address)}`
    return apiVersion
  }
  const versioned = async (call: Call): Promise<Call> => {
    if (prefix === undefined) await ping()
    return { ...call, path: `${prefix}${call.path}` }
  }
  return {
    ping,
    async call(call, ...fine) {
      const answer = await http.call(await versioned(call))
      if (!fine.includes(answer.status)) throw refusal(call, answer)
      return answer
    },
    stream: async (call, line) => http.stream(await versioned(call), line),
    hijack: async (call) => http.hijack(await versioned(call)),
    refusal,
  }
}

async function facts(api: Api): Promise<EngineFacts> {
  const apiVersion = await api.ping()
  const what = 'ask the engine what it is'
  const { text } = await api.call({ method: 'GET', path: '/info', deadlineMs: shortMs, what }, 200)
  const info = record(parse(text), what)
  return {
    version: String(info.ServerVersion ?? 'unknown'),
    apiVersion,
    cgroupVersion: Number(info.CgroupVersion ?? 1),
    runtimes: Object.keys(record(info.Runtimes ?? {}, what)),
  }
}

const imageCalls = (api: Api): Pick<Engine, 'image' | 'build' | 'removeImage'> => ({
  async image(name) {
    const what = `look for the image ${name}`
    const answer = await api.call({ method: 'GET', path: `/images/${encodeURIComponent(name)}/json`, deadlineMs: shortMs, what }, 200, 404)
    if (answer.status === 404) return undefined
    const image = record(parse(answer.text), what)
    const config = record(image.Config ?? {}, what)
    const tags = Array.isArray(image.RepoTags) ? image.RepoTags.map(String) : []
    return { id: word(image.Id, what), labels: labelsOf(config.Labels), bytes: Number(image.Size ?? 0), tags }
  },
  async build({ tag, context, network, isFresh, tell }) {
    const query = new URLSearchParams({ t: tag, rm: '1', forcerm: '1', ...(network === undefined ? {} : { networkmode: network }) })
    if (isFresh) for (const name of ['nocache', 'pull']) query.set(name, '1')
    const asked = { method: 'POST', path: `/build?${query}`, tar: Readable.from([context]), deadlineMs: buildMs, what: `build ${tag}` } as const
    let failure: string | undefined
    const status = await api.stream(asked, (line) => {
      const said = record(parse(line), asked.what)
      if (typeof said.stream === 'string') tell(said.stream.trimEnd())
      if (typeof said.error === 'string' || typeof said.message === 'string') failure = String(said.error ?? said.message)
    })
    if (status !== 200 || failure !== undefined) throw api.refusal(asked, { status, text: JSON.stringify({ message: failure ?? '' }) })
  },
  async removeImage(id) {
    await api.call({ method: 'DELETE', path: `/images/${id}`, deadlineMs: imageMs, what: 'remove an image' }, 200, 404)
  },
})

const containerCalls = (api: Api): Pick<Engine, 'create' | 'attach' | 'start' | 'update' | 'remove' | 'list'> => ({
  async create(name, config) {
    const what = 'make a container'
    const path = `/containers/create?name=${encodeURIComponent(name)}`
    const { text } = await api.call({ method: 'POST', path, json: config, deadlineMs: containerMs, what }, 201)
    return word(record(parse(text), what).Id, what)
  },
  attach: (id) => {
    const path = `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`
    return api.hijack({ method: 'POST', path, deadlineMs: containerMs, what: 'attach to a container' })
  },
  async start(id) {
    await api.call({ method: 'POST', path: `/containers/${id}/start`, deadlineMs: containerMs, what: 'start a container' }, 204, 304)
  },
  async update(id, memoryBytes) {
    const json = { Memory: memoryBytes, MemorySwap: memoryBytes }
    await api.call({ method: 'POST', path: `/containers/${id}/update`, json, deadlineMs: containerMs, what: 'change the memory of a container' }, 200)
  },
  async remove(id) {
    // 409: its removal is under way already
    await api.call({ method: 'DELETE', path: `/containers/${id}?force=1&v=1`, deadlineMs: containerMs, what: 'remove a container' }, 204, 404, 409)
  },
  async list(label) {
    const what = 'list containers'
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }))
    const { text, headers } = await api.call({ method: 'GET', path: `/containers/json?all=1&filters=${filters}`, deadlineMs: shortMs, what }, 200)
    const found = parse(text)
    if (!Array.isArray(found)) throw nonsense(what)
    const said = Date.parse(headers.date ?? '')
    return { containers: found.map((each) => containerFacts(record(each, what), what)), nowSeconds: (Number.isNaN(said) ? Date.now() : said) / 1000 }
  },
})

function settleVersion(text: string, address: string): string {
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)$/.exec(text) ?? []).map(Number)
  if (major !== oldestApi[0]) throw new SandboxFault(`what answers at ${address} is no Docker engine (API version "${text}")`, 'later')
  if (minor < oldestApi[1])
    throw new SandboxFault(`the engine at ${address} speaks API ${text}; ${oldestApi.join('.')} is needed (Docker 20.10 or newer)`, 'later')
  return `${major}.${Math.min(minor, newestApi[1])}`
}

const nonsense = (what: string) => new SandboxFault(`cannot ${what}: the engine's answer cannot be read`, 'later')
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw nonsense(what)
  return value as Readonly<Record<string, unknown>>
}
/** What goes into a path again. */
function word(value: unknown, what: string): string {
  if (typeof value !== 'string' || !/^[\w:.-]{1,200}$/.test(value)) throw nonsense(what)
  return value
}
function labelsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
const containerFacts = (found: Readonly<Record<string, unknown>>, what: string): ContainerFacts => ({
  id: word(found.Id, what),
  labels: labelsOf(found.Labels),
  state: String(found.State ?? ''),
  status: String(found.Status ?? ''),
  createdSeconds: Number(found.Created ?? 0),
})

function messageOf(text: string): string {
  const said = parse(text)
  const message = typeof said === 'object' && said !== null && 'message' in said ? String(said.message) : text
  return message.replace(/\s+/g, ' ').trim().slice(0, 300) || 'nothing more'
}
