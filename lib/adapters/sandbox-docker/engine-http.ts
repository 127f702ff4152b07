import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SandboxFault } from '#ports/sandbox'

/**
 * HTTP to a container engine, over a Unix socket or to a socket proxy. Every call has a deadline, every answer a largest size, and whatever goes
 * wrong is a `SandboxFault` of one line: an engine that is away, hangs or talks nonsense is met by trying later.
 *
 * Each call has a connection of its own. That costs 0.1 ms on a Unix socket, and spares the question whether a kept one outlived the engine.
 */
export type EngineAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number }

/** @param text `unix:///path` or `tcp://host:port`. @throws SandboxFault. */
export function parseAddress(text: string): EngineAddress {
  const unix = /^unix:\/\/(\/.+)$/.exec(text)?.[1]
  if (unix !== undefined) return { socketPath: unix }
  const tcp = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^/:@]+):(\d{1,5})\/?$/.exec(text)
  if (tcp?.[1] !== undefined && Number(tcp[2]) <= 65_535) return { host: tcp[1].replace(/^\[|\]$/g, ''), port: Number(tcp[2]) }
  throw new SandboxFault(`ARENA_DOCKER_HOST is "${text}"; it takes unix:///path or tcp://host:port`, 'never')
}

export type Call = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly json?: unknown
  /** A body that is sent as it is: the context of a build. */
  readonly tar?: Readable
  readonly deadlineMs: number
  /** What is asked for, for the operator: "make a container". */
  readonly what: string
}
export type Answer = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}
export type EngineHttp = {
  readonly name: string
  call(call: Call): Promise<Answer>
  /** Calls `line` for each line of the answer as it comes. @returns the status. */
  stream(call: Call, line: (text: string) => void): Promise<number>
  /** Asks for the connection itself. @returns it, with what had already come through it. */
  hijack(call: Call): Promise<{ readonly socket: Socket; readonly head: Buffer }>
}

const largestAnswerBytes = 4 * 1024 ** 2
const longestLine = 1024 ** 2

export function openEngineHttp(addressText: string): EngineHttp {
  const address = parseAddress(addressText)
  const fault = (call: Call, cause: unknown) =>
    cause instanceof SandboxFault ? cause : new SandboxFault(`cannot ${call.what}: the engine at ${addressText} ${explain(cause)}`, 'later', cause)
  const ask = <T>(call: Call, hear: (answer: IncomingMessage) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const refuse = (cause: unknown) => reject(fault(call, cause))
      const asked = send(address, call, {})
      asked.once('error', refuse)
      asked.once('upgrade', (_answer, socket: Socket) => {
        socket.destroy()
        refuse(new Error('took the connection over, unasked'))
      })
      const nobody = () => refuse(new Error('closed the connection'))
      asked.once('close', nobody)
      asked.once('response', (answer: IncomingMessage) => {
        asked.off('close', nobody) // from here on the answer's own end tells
        hear(answer).then(resolve, refuse)
      })
    })
  return {
    name: addressText,
    call: (call) => ask(call, async (answer) => ({ status: answer.statusCode ?? 0, headers: answer.headers, text: await readAll(answer) })),
    stream: (call, line) =>
      ask(call, async (answer) => {
        await readLines(answer, line)
        return answer.statusCode ?? 0
      }),
    hijack: (call) =>
      new Promise((resolve, reject) => {
        const asked = send(address, call, { connection: 'Upgrade', upgrade: 'tcp' })
        const refuse = (cause: unknown) => reject(fault(call, cause))
        asked.once('error', refuse)
        asked.once('close', () => refuse(new Error('closed the connection')))
        asked.once('response', (answer) => {
          answer.resume()
          asked.destroy(new Error(`answers ${answer.statusCode} instead of giving the connection`))
        })
        asked.once('upgrade', (_answer, socket: Socket, head: Buffer) => resolve({ socket, head }))
      }),
  }
}

/** Sends it all. At the deadline the request is destroyed, unless its connection has been given away. */
function send(address: EngineAddress, { method, path, json, tar, deadlineMs }: Call, headers: Readonly<Record<string, string>>): ClientRequest {
  const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json))
  const asked = request({
    ...address,
    agent: false,
    method,
    path,
    headers: {
      host: 'docker',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
      ...(tar === undefined ? {} : { 'content-type': 'application/x-tar' }),
      ...headers,
    },
  })
  const late = setTimeout(() => asked.destroy(new Error(`does not answer within ${deadlineMs / 1000} s`)), deadlineMs)
  for (const event of ['close', 'upgrade']) asked.once(event, () => clearTimeout(late))
  if (tar === undefined) asked.end(body)
  else void pipeline(tar, asked).catch((error: Error) => asked.destroy(error))
  return asked
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestAnswerBytes) throw new Error('answers with more than it may')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function readLines(answer: IncomingMessage, line: (text: string) => void): Promise<void> {
  let rest = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new Error('answers with a line that has no end')
    for (const each of lines) line(each)
  }
  if (rest !== '') line(rest)
}

function explain(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH') return `is not there (${code})`
  if (code === 'EACCES' || code === 'EPERM') return `may not be used by this user (${code})`
  if (code === 'ECONNRESET' || code === 'EPIPE' || message === 'aborted' || message === 'socket hang up') return 'ended the connection'
  if (code?.startsWith('HPE_')) return 'does not speak HTTP'
  return message
}
